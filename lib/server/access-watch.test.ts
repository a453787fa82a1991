import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAccessWatch, tokenEnd } from './access-watch';
import type { Config } from './config';
import { createManualClock } from './testing/manual-clock';

const END_SECONDS = 1_767_100_000;

function aToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function aKubeconfig(folder: string, user: object): string {
  const path = join(folder, 'kubeconfig');
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    }),
  );
  return path;
}

function watching(
  kubeconfig: string | null,
  overrides: { tokenFile?: string; distributedKey?: string } = {},
) {
  const clock = createManualClock();
  const config: Pick<Config, 'kubernetes' | 'endpoints' | 'prometheus'> = {
    kubernetes: {
      kubeconfigFiles: kubeconfig === null ? [] : [kubeconfig],
      context: null,
      homeDirectory: null,
      inCluster: null,
    },
    endpoints: {
      apiKeys: { baseline: null, distributed: overrides.distributedKey ?? null },
      caFile: null,
      ingressConnectTo: new Map() as unknown as Config['endpoints']['ingressConnectTo'],
    },
    prometheus: { url: null, tokenFile: overrides.tokenFile ?? null, caFile: null, namespace: null },
  };
  const watch = createAccessWatch({
    config,
    clock,
    onFault: (error) => {
      throw error;
    },
  });
  return { watch, clock };
}

describe('the end of a token', () => {
  test.each([
    ['a JSON Web Token', aToken({ exp: END_SECONDS }), END_SECONDS * 1000],
    ['one without an end', aToken({ sub: 'me' }), null],
    ['one whose end is no number', aToken({ exp: 'soon' }), null],
    ['an opaque one, as oc login gives', 'sha256~abcdef', null],
    ['something with dots', 'a.b.c', null],
  ])('of %s', (_name, token, end) => {
    expect(tokenEnd(token)).toBe(end);
  });
});

describe('the credentials in use', () => {
  test('are told by where they are used and when they end, never by what they are', async () => {
    const folder = aFolder();
    const token = aToken({ exp: END_SECONDS });
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, `${token}\n`);
    const { watch, clock } = watching(aKubeconfig(folder, { token: 'sha256~opaque' }), {
      tokenFile,
      distributedKey: token,
    });
    expect(watch.facts().observedAt).toBeNull();
    await watch.refresh();
    expect(watch.facts()).toEqual({
      sendsToken: { baseline: false, distributed: true },
      observedAt: clock.now(),
      credentials: [
        { source: 'cluster', name: 'token of the kubeconfig', expiresAt: null, renewsItself: false },
        {
          source: 'metrics',
          name: 'token of the metrics source',
          expiresAt: END_SECONDS * 1000,
          renewsItself: false,
        },
        {
          source: 'distributed',
          name: 'API key of the distributed',
          expiresAt: END_SECONDS * 1000,
          renewsItself: false,
        },
      ],
    });
  });

  test('of a plugin renew themselves, and the plugin is not run', async () => {
    const kubeconfig = aKubeconfig(aFolder(), {
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/does/not/exist' },
    });
    const { watch } = watching(kubeconfig);
    await watch.refresh();
    expect(watch.facts().credentials.map(({ renewsItself }) => renewsItself)).toEqual([true]);
  });

  test('are looked at again, since tokens are replaced in place', async () => {
    const folder = aFolder();
    const { watch, clock } = watching(aKubeconfig(folder, { token: aToken({ exp: END_SECONDS }) }));
    watch.start();
    await watch.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    aKubeconfig(folder, { token: aToken({ exp: END_SECONDS + 3_600 }) });
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(watch.facts().credentials[0]?.expiresAt).toBe((END_SECONDS + 3_600) * 1000);
    watch.stop();
  });

  test('are none where no cluster is configured', async () => {
    const { watch } = watching(null);
    await watch.refresh();
    expect(watch.facts().credentials).toEqual([]);
  });
});
