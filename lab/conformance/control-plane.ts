/** A real etcd and kube-apiserver on this machine, for the contract suite: on free ports, in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificateAuthority } from '../certificates/certificate.ts';

export interface ControlPlane {
  kubeconfigPath: string;
  etcdUrl: string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 90_000;
const PROBE_INTERVAL_MS = 250;

/** What is missing in a folder that should hold both programs; null where nothing is. */
export function missingProgram(folder: string): string | null {
  return ['etcd', 'kube-apiserver'].find((name) => !existsSync(join(folder, name))) ?? null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

interface Program {
  process: ChildProcess;
  /** The last lines it printed, for a failure. */
  tail(): string;
}

function start(path: string, args: string[]): Program {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4_000);
    });
  }
  child.on('error', (error) => {
    text += error.message;
  });
  return { process: child, tail: () => text };
}

async function stop({ process: child }: Program): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}

function isReady(port: number, ca: string, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { Authorization: `Bearer ${token}` };
    request({ host: '127.0.0.1', port, path: '/readyz', ca, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}

function kubeconfigOf(port: number, ca: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'conformance',
    clusters: [
      {
        name: 'conformance',
        cluster: {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'conformance', context: { cluster: 'conformance', user: 'admin' } }],
  });
}

/** Starts both programs of `folder` and resolves once the API server says it is ready. */
export async function startControlPlane(folder: string): Promise<ControlPlane> {
  const work = mkdtempSync(join(tmpdir(), 'conformance-'));
  const file = (name: string, content: string): string => {
    const path = join(work, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const authority = createCertificateAuthority('conformance authority');
  const serving = authority.issue(['127.0.0.1', 'localhost']);
  const signing = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = randomBytes(24).toString('base64url');
  const [etcdPort, peerPort, apiPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;

  const etcd = start(join(folder, 'etcd'), [
    `--data-dir=${join(work, 'etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
    '--unsafe-no-fsync',
  ]);
  const api = start(join(folder, 'kube-apiserver'), [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    `--cert-dir=${work}`,
    `--tls-cert-file=${file('api.crt', serving.certificatePem)}`,
    `--tls-private-key-file=${file('api.key', serving.keyPem)}`,
    `--token-auth-file=${file('tokens', `${token},conformance-admin,conformance-admin,system:masters\n`)}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('sa.pub', signing.publicKey.export({ type: 'spki', format: 'pem' }).toString())}`,
    `--service-account-signing-key-file=${file('sa.key', signing.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())}`,
    // Nobody makes default service accounts here.
    '--disable-admission-plugins=ServiceAccount',
    '--service-cluster-ip-range=10.0.0.0/24',
  ]);

  const end = async (): Promise<void> => {
    await stop(api);
    await stop(etcd);
    rmSync(work, { recursive: true, force: true });
  };
  const startedMs = Date.now();
  while (!(await isReady(apiPort, authority.certificatePem, token))) {
    const ended = [etcd, api].find((program) => program.process.exitCode !== null);
    if (ended !== undefined || Date.now() - startedMs > START_LIMIT_MS) {
      const said = (ended ?? api).tail();
      await end();
      throw new Error(`the control plane did not get ready; it last said:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PROBE_INTERVAL_MS));
  }
  return {
    kubeconfigPath: file('kubeconfig', kubeconfigOf(apiPort, authority.certificatePem, token)),
    etcdUrl,
    stop: end,
  };
}
