/** `npm run smoke` against the built dashboard behind a TLS door, as a Route has it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createCertificateAuthority } from '../lab/certificates/certificate';
import { readLabEnvironment } from '../scripts/lab-environment';
import { ROOT } from '../scripts/paths';
import { parseSmokeArguments, smoke } from '../scripts/smoke';
import { passOn } from './pass-on';
import { openStage, type Stage } from './stage';

const HOST = 'llm-d-live.apps.example.com';
/** What the lab's router has a certificate for. */
const LAB_DOMAIN = 'apps.rhoai-demo.example.com';
const SCREENS = ['/checklist', '/placement', '/chat', '/compare'];
const authority = createCertificateAuthority('smoke test authority');

interface Door {
  server: Server;
  port: number;
  /** Method and authorization of every request that passed. */
  seen: { method: string; authorization: string | undefined }[];
}

/** Ends TLS under the Route's name and passes on, as the router does. */
async function openDoor(dashboardUrl: string): Promise<Door> {
  const seen: Door['seen'] = [];
  const { keyPem, certificatePem } = authority.issue([HOST]);
  const server = createServer({ key: keyPem, cert: certificatePem }, (incoming, outgoing) => {
    seen.push({ method: incoming.method ?? '', authorization: incoming.headers.authorization });
    passOn(incoming, outgoing, new URL(dashboardUrl));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, seen };
}

test.describe('a deployed dashboard', () => {
  let stage: Stage;
  let door: Door;

  test.beforeAll(async () => {
    stage = await openStage({ env: { PUBLIC_HOSTS: HOST } });
    door = await openDoor(stage.url);
  });
  test.afterAll(async () => {
    door.server.closeAllConnections();
    door.server.close();
    await stage.close();
  });

  test('passes the tour over TLS with the router’s authority; nothing but reads went out, each with the token', async () => {
    test.setTimeout(120_000);
    const results = await smoke({
      url: new URL(`https://${HOST}/`),
      ca: authority.certificatePem,
      token: 'a-login-token',
      connectTo: { host: '127.0.0.1', port: door.port },
    });
    expect(results.map(({ path, problems }) => ({ path, problems }))).toEqual(
      ['/api/health', '/api/ready', '/api/status', ...SCREENS].map((path) => ({ path, problems: [] })),
    );
    for (const { says } of results) expect(says).not.toBe('');
    expect(new Set(door.seen.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(new Set(door.seen.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer a-login-token']),
    );
  });

  test('a certificate of another authority is refused before a browser opens', async () => {
    const other = createCertificateAuthority('somebody else');
    await expect(
      smoke({
        url: new URL(`https://${HOST}/`),
        ca: other.certificatePem,
        token: null,
        connectTo: { host: '127.0.0.1', port: door.port },
      }),
    ).rejects.toThrow(/certificate|issuer/i);
  });

  test('a host that the dashboard does not know fails every stop with 421', async () => {
    test.setTimeout(240_000);
    const { port } = new URL(stage.url);
    const results = await smoke({
      url: new URL('http://other.example.com/'),
      ca: null,
      token: null,
      connectTo: { host: '127.0.0.1', port: Number(port) },
    });
    for (const { path, problems } of results) expect(problems.join(' '), path).toContain('421');
  });
});

test('deployed into the lab with its own manifests, it passes the tour behind the lab’s Route', async () => {
  test.setTimeout(180_000);
  const host = `llm-d-live.${LAB_DOMAIN}`;
  const stage = await openStage({ env: { PUBLIC_HOSTS: host } });
  try {
    const folder = join(stage.labFolder, 'deployed');
    mkdirSync(folder);
    const kubectl = (...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync(
        'kubectl',
        ['--kubeconfig', join(stage.labFolder, 'kubeconfig'), ...args],
        { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 },
      );
      if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
      return stdout;
    };
    const manifests = kubectl('kustomize', join(ROOT, 'gitops', 'dashboard', 'overlays', 'open'));
    writeFileSync(join(folder, 'manifests.yaml'), manifests.replaceAll('llm-d-live.apps.example.com', host));
    kubectl('apply', '--server-side', '-f', join(folder, 'manifests.yaml'));
    kubectl('rollout', 'status', 'deployment/llm-d-live', '-n', 'llm-d-live', '--timeout', '60s');
    // What the pod's container would be: the standalone build that this stage runs.
    stage.lab('serve', 'llm-d-live', new URL(stage.url).port, 'llm-d-live');

    const { INGRESS_CONNECT_TO = '' } = readLabEnvironment(join(stage.labFolder, 'env'));
    const results = await smoke({
      url: new URL(`https://${host}/`),
      ca: readFileSync(join(stage.labFolder, 'ca.crt'), 'utf8'),
      token: null,
      connectTo: { host: '127.0.0.1', port: Number(/443=127\.0\.0\.1:(\d+)/.exec(INGRESS_CONNECT_TO)?.[1]) },
    });
    expect(results.map(({ path, problems }) => ({ path, problems }))).toEqual(
      ['/api/health', '/api/ready', '/api/status', ...SCREENS].map((path) => ({ path, problems: [] })),
    );
  } finally {
    await stage.close();
  }
});

test('the command line names address, authority, token and where to connect', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-smoke-'));
  try {
    writeFileSync(join(folder, 'ca.crt'), 'PEM');
    writeFileSync(join(folder, 'token'), 'secret\n');
    expect(
      parseSmokeArguments([
        `https://${HOST}`,
        ...[
          '--ca',
          join(folder, 'ca.crt'),
          '--token-file',
          join(folder, 'token'),
          '--resolve',
          '127.0.0.1:8443',
        ],
      ]),
    ).toEqual({
      url: new URL(`https://${HOST}`),
      ca: 'PEM',
      token: 'secret',
      connectTo: { host: '127.0.0.1', port: 8443 },
    });
    for (const args of [[], ['not an address'], [`https://${HOST}`, '--resolve', 'nowhere']]) {
      expect(() => parseSmokeArguments(args)).toThrow(/usage|--resolve/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
