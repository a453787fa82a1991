import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withAbsolutePaths } from './absolute-paths.ts';

test('relative paths are meant from where the command was given; what is no file there stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paths-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const show = join(folder, 'show');
  mkdirSync(show);
  for (const name of ['one', 'token', 'results', 'three']) writeFileSync(join(show, name), '');
  writeFileSync(join(folder, 'demo.yaml'), '');
  const given = {
    KUBECONFIG: 'one:/etc/two::none:three',
    DEMO_CONFIG: '../demo.yaml',
    PROMETHEUS_TOKEN_FILE: './token',
    GUIDELLM_PATH: 'results',
    MODEL_CA_FILE: '/etc/none.crt',
    CONTROL_TOKEN_FILE: 'sha256~the-token-itself',
    PROMPTS_FILE: '',
    PRICES_FILE: undefined,
    BASELINE_API_KEY: 'token',
  };
  expect(withAbsolutePaths(given, show)).toEqual({
    ...given,
    KUBECONFIG: `${show}/one:/etc/two::none:${show}/three`,
    DEMO_CONFIG: join(folder, 'demo.yaml'),
    PROMETHEUS_TOKEN_FILE: join(show, 'token'),
    GUIDELLM_PATH: join(show, 'results'),
  });
});
