import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasKubectl } from '@/gitops/testing/render';
import { type Lab, startLab } from '@/lab/lab';

const FOLDER = import.meta.dirname;
const ROOT = dirname(dirname(FOLDER));
const README = readFileSync(join(FOLDER, 'README.md'), 'utf8');

/** The plan's links, official ones first. */
const LINKS = [
  'https://docs.redhat.com/en/documentation/red_hat_openshift_ai_self-managed/3.0/html-single/deploying_models/index',
  'https://docs.redhat.com/en/documentation/red_hat_openshift_ai_self-managed/3.0/html-single/release_notes/index',
  'https://developers.redhat.com/articles/2025/11/21/introduction-distributed-inference-llm-d',
  'https://www.redhat.com/en/blog/demystifying-llm-d-and-vllm-race-production?channel=/en/blog/channel/red-hat-ai',
  'https://developers.redhat.com/articles/2025/11/26/autoscaling-vllm-openshift-ai-model-serving',
];

/** Commands that another test runs, or that need what a test has not; everything else is run below as it stands. */
const RUN_ELSEWHERE: Record<string, string> = {
  'steps/step-08-llm-d/deploy.sh --apply --wait': 'deploy.test.ts',
  'steps/step-08-llm-d/deploy.sh --argocd --wait --repo https://git.example.org/demo.git --revision main':
    'deploy.test.ts',
  'steps/step-08-llm-d/deploy.sh --delete --wait': 'deploy.test.ts',
  'npm run smoke -- https://llm-d-live.apps.example.com': 'e2e/smoke.spec.ts',
};

/** The lines of all bash blocks. */
function commandsOf(markdown: string): string[] {
  return [...markdown.matchAll(/```bash\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line.trim() !== ''),
  );
}

describe('the README of the step', () => {
  test('has the plan’s sections in order', () => {
    const headings = [...README.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'Goal',
      'Prereqs',
      'Reproduce',
      'Validate',
      'Rollback and cleanup',
      'When it does not come up',
      'References',
    ]);
  });

  test('names every link of the plan, official ones first', () => {
    const references = README.slice(README.indexOf('## References'));
    const links = [...references.matchAll(/\]\((https:[^)]+)\)/g)].map(([, link]) => link);
    expect(links).toEqual(LINKS);
  });

  test('names no command that no test runs', () => {
    expect(commandsOf(README)).toEqual(expect.arrayContaining(Object.keys(RUN_ELSEWHERE)));
  });
});

describe.skipIf(!hasKubectl)('its commands against the lab (need kubectl)', { timeout: 120_000 }, () => {
  let lab: Lab;
  let folder: string;

  beforeAll(async () => {
    lab = await startLab({ timeFactor: 0.001 });
    folder = mkdtempSync(join(tmpdir(), 'llm-d-live-readme-'));
    writeFileSync(join(folder, 'kubeconfig'), lab.kubeconfig);
  });
  afterAll(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true });
  });

  test.each(commandsOf(README).filter((command) => !Object.hasOwn(RUN_ELSEWHERE, command)))(
    '%s',
    async (command) => {
      const environment = {
        ...process.env,
        HOME: folder,
        KUBECONFIG: join(folder, 'kubeconfig'),
        KUBE: 'kubectl',
      };
      const run = (): Promise<string> =>
        new Promise((resolve, reject) => {
          execFile('bash', ['-ec', command], { cwd: ROOT, env: environment }, (error, stdout, stderr) =>
            error === null ? resolve(stdout) : reject(new Error(`${stdout}${stderr}`)),
          );
        });
      // Engines change places after the command that applies; a check in between rightly says so.
      const output = await vi.waitFor(run, { timeout: 60_000, interval: 1_000 });
      expect(output).not.toBe('');
    },
  );
});
