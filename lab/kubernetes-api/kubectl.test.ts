import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';

/** The release of the kubectl on the PATH, as a number like 32; null where there is none. */
function kubectlMinor(): number | null {
  try {
    const version = JSON.parse(
      execFileSync('kubectl', ['version', '--client', '-o', 'json'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString(),
    );
    return Number.parseInt(version.clientVersion.minor, 10);
  } catch {
    return null;
  }
}

const OLDEST_MINOR = 32;
const LOST = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';

describe.skipIf((kubectlMinor() ?? 0) < OLDEST_MINOR)('kubectl', () => {
  let lab: Lab;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    lab = await startLab({ timeFactor: 0.001 });
    folder = mkdtempSync(join(tmpdir(), 'lab-kubectl-'));
    writeFileSync(join(folder, 'kubeconfig'), lab.kubeconfig);
    environment = { ...process.env, HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') };
  });
  afterAll(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true });
  });

  const kubectl = (...args: string[]): Promise<{ code: number; out: string; error: string }> =>
    new Promise((resolve) => {
      execFile('kubectl', args, { env: environment, timeout: 60_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : 1, out: stdout, error: stderr }),
      );
    });
  const out = async (...args: string[]): Promise<string> => {
    const { code, out: text, error } = await kubectl(...args);
    expect({ code, error }, args.join(' ')).toEqual({ code: 0, error: '' });
    return text;
  };
  const columns = (text: string): string[][] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));

  test('gets what the scene holds, with the columns of each kind', async () => {
    expect(columns(await out('get', 'llmisvc', '-n', 'private-ai')).map((row) => row.slice(0, 1))).toEqual([
      ['NAME'],
      ['mistral-3-distributed'],
    ]);
    expect(await out('get', 'gateway', 'openshift-ai-inference', '-n', 'openshift-ingress')).toMatch(
      /NAME +CLASS +ADDRESS +PROGRAMMED +AGE\nopenshift-ai-inference +openshift-default +a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789\.us-east-2\.elb\.amazonaws\.com +True +\d+h/,
    );
    expect(await out('get', 'pods', '-o', 'wide')).toMatch(
      /mistral-3-distributed-kserve-ftk8wprfxh-llv5b +2\/2 +Running +0 +17m +10\.128\.6\.37 +ip-10-0-29-140/,
    );
    expect(await out('get', 'clusterqueue', 'rhoai-main-queue')).toMatch(
      /NAME +COHORT +PENDING WORKLOADS\nrhoai-main-queue +0/,
    );
    expect(await out('get', 'crd', '-o', 'name')).toContain('leaderworkersets.leaderworkerset.x-k8s.io');
  });

  test('explains, describes and lists what may be done', async () => {
    expect(await out('explain', 'llminferenceservice.spec.router', '--recursive')).toContain(
      '  scheduler\t<Object>',
    );
    const description = await out('describe', 'llmisvc', 'mistral-3-distributed');
    expect(description).toContain('Created v1.HTTPRoute private-ai/mistral-3-distributed-kserve-route');
    expect(await out('describe', 'node', 'ip-10-0-21-87.us-east-2.compute.internal')).toMatch(
      /nvidia\.com\/gpu +1 +1/,
    );
    expect(await out('auth', 'can-i', 'delete', 'pods')).toBe('yes\n');
    expect((await kubectl('--context', 'lab-reader', 'auth', 'can-i', 'delete', 'pods')).out).toBe('no\n');
    expect(await out('auth', 'whoami')).toContain('kube:admin');
  });

  test('refuses as a cluster does', async () => {
    expect((await kubectl('--context', 'lab-reader', 'delete', 'pod', LOST)).error).toContain(
      `Error from server (Forbidden): pods "${LOST}" is forbidden: User "system:serviceaccount:private-ai:demo-dashboard" cannot delete resource "pods" in API group "" in the namespace "private-ai"`,
    );
    expect((await kubectl('get', 'inferencegateways')).error).toBe(
      'error: the server doesn\'t have a resource type "inferencegateways"\n',
    );
    expect((await kubectl('get', 'gateway', 'nope')).error).toBe(
      'Error from server (NotFound): gateways.gateway.networking.k8s.io "nope" not found\n',
    );
  });

  test('applies on the server, scales, waits, and follows a rollout', async () => {
    const manifest = join(folder, 'prompts.yaml');
    writeFileSync(
      manifest,
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: prompts\n  namespace: private-ai\ndata:\n  first: Hello\n',
    );
    expect(await out('apply', '--server-side', '-f', manifest)).toBe(
      'configmap/prompts serverside-applied\n',
    );
    expect(await out('get', 'cm', 'prompts', '-o', 'jsonpath={.data.first}')).toBe('Hello');
    const bad = join(folder, 'bad.yaml');
    writeFileSync(
      bad,
      'apiVersion: serving.kserve.io/v1alpha1\nkind: LLMInferenceService\nmetadata:\n  name: bad\n  namespace: private-ai\n  labels:\n    kueue.x-k8s.io/queue-name: default\nspec:\n  model:\n    name: x\n',
    );
    expect((await kubectl('apply', '--server-side', '-f', bad)).error).toContain(
      'spec.model.uri: Required value',
    );
    expect(await out('scale', 'deployment', 'mistral-3-int4-predictor', '--replicas=0')).toContain('scaled');
    expect(await out('wait', '--for=delete', 'pod', '-l', 'component=predictor', '--timeout=30s')).toContain(
      'condition met',
    );
    expect(await out('scale', 'deployment', 'mistral-3-int4-predictor', '--replicas=1')).toContain('scaled');
    expect(await out('rollout', 'status', 'deployment/mistral-3-int4-predictor', '--timeout=40s')).toContain(
      'successfully rolled out',
    );
    expect(
      await out('wait', '--for=condition=Ready', 'llmisvc/mistral-3-distributed', '--timeout=5s'),
    ).toContain('condition met');
  }, 90_000);

  test('watches a pod go and its successor come', async () => {
    const watcher = spawn('kubectl', ['get', 'pods', '-w', '-l', 'kserve.io/component=workload'], {
      env: environment,
    });
    let seen = '';
    const successor = new Promise<void>((resolve) => {
      watcher.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
        if (/^mistral-3-distributed-kserve-ftk8wprfxh-(?!llv5b|rv4xr)\w+ +2\/2 +Running/m.test(seen))
          resolve();
      });
    });
    await new Promise<void>((resolve) => watcher.stdout.once('data', () => resolve()));
    expect(await out('delete', 'pod', LOST)).toContain('deleted');
    await successor;
    watcher.kill();
    expect(seen).toMatch(new RegExp(`^${LOST} +2/2 +Terminating`, 'm'));
    expect(seen).toMatch(/SchedulingGated/);
    const logs = await out('logs', 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr', '-c', 'main', '--tail=1');
    expect(logs).toBe('INFO:     Application startup complete.\n');
  }, 60_000);
});
