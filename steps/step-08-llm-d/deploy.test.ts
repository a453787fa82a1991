import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Lab, startLab } from '@/lab/lab';
import type { ScenarioName } from '@/lab/scenarios';
import { parseConfig } from '@/lib/server/config';
import { createRuntime, type Runtime } from '@/lib/server/runtime';

const SCRIPT = join(import.meta.dirname, 'deploy.sh');
const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
const hasShellcheck = spawnSync('shellcheck', ['--version'], { stdio: 'ignore' }).status === 0;

/** States of the cluster that concern this step's own objects. */
const SCENARIOS_OF_THE_STEP: ScenarioName[] = [
  'as-shipped',
  'gateway-removed',
  'bare',
  'no-capacity',
  'kueue-gated',
  'deploying',
];

/** The lab's nodes of the demo's type. */
const GPU_NODES = ['17-203', '21-87', '29-140'].map((part) => `ip-10-0-${part}.us-east-2.compute.internal`);

/** A run asks the cluster about twenty times, each with a kubectl of its own. */
const PATIENCE_MS = 120_000;

interface Run {
  code: number;
  output: string;
}

/** Gates as the script prints them: id → status. */
function gatesOf({ output }: Run): Record<string, string> {
  const rows = output
    .split('\n')
    .map((line) => /^(pass|warn|fail|unknown|not-applicable) +([a-z-]+) /.exec(line))
    .filter((match) => match !== null);
  return Object.fromEntries(rows.map(([, status, id]) => [id, status]));
}

/** What nobody needs weighs as much as a warning: neither stands in the way. */
function toWeight(gates: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(gates).map(([id, status]) => [id, status === 'not-applicable' ? 'warn' : status]),
  );
}

/** Name and generation of an object: what an applied change moves. */
function versionOf({ metadata }: { metadata: { name: string; generation?: number } }): string {
  return `${metadata.name}@${metadata.generation}`;
}

describe.skipIf(!hasShellcheck)('deploy.sh (needs shellcheck)', () => {
  test('is clean', () => {
    const { stdout, status } = spawnSync('shellcheck', [SCRIPT], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

describe('deploy.sh', () => {
  test.each([
    [['--apply', '--delete'], '--apply and --delete exclude each other'],
    [['--overlay', 'other'], '--overlay other: there are demo, gateway, authenticated'],
    [['--timeout', 'long'], '--timeout long: expected seconds'],
    [['--overlay'], '--overlay needs a value'],
    [['--force'], 'there is no option --force'],
  ])('%j ends with the reason and the usage', (args, reason) => {
    const { status, stderr } = spawnSync(SCRIPT, args, { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain(`deploy.sh: ${reason}`);
    expect(stderr).toContain('Usage: deploy.sh');
  });
});

describe.skipIf(!hasKubectl)('deploy.sh against the lab (needs kubectl)', { timeout: PATIENCE_MS }, () => {
  let lab: Lab;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  async function startIn(scenario: ScenarioName): Promise<void> {
    if (scenario !== 'healthy') await lab.stop();
    lab = await startLab({ scenario, timeFactor: 0.001 });
    writeFileSync(join(folder, 'kubeconfig'), lab.kubeconfig);
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'llm-d-live-deploy-'));
    await startIn('healthy');
    environment = {
      ...process.env,
      HOME: folder,
      KUBECONFIG: join(folder, 'kubeconfig'),
      KUBE: 'kubectl',
      POLL_SECONDS: '0.2',
    };
  });
  afterEach(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true });
  });

  /** The lab lives in this process, so nothing may block it. */
  function run(program: string, args: readonly string[]): Promise<Run> {
    return new Promise((resolve) => {
      const child = execFile(program, [...args], { env: environment }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? 1, output: `${stdout}${stderr}` }),
      );
    });
  }

  const deploy = (...args: string[]): Promise<Run> => run(SCRIPT, args);

  async function kubectl(...args: string[]): Promise<string> {
    const { code, output } = await run('kubectl', args);
    if (code !== 0) throw new Error(output);
    return output;
  }

  /** What the script could change, with versions. */
  function state(): Promise<string> {
    return kubectl(
      'get',
      'routes.route.openshift.io,servicemonitors.monitoring.coreos.com,pods',
      '-n',
      'private-ai',
      '-o',
      'jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.uid}{"\\n"}{end}',
    );
  }

  /** The state once the cluster has drawn its own consequences: what lost its owner is gone, and nothing is ending. */
  async function settledState(): Promise<string> {
    let last = '';
    await vi.waitFor(
      async () => {
        const now = await state();
        const isEnding = lab.world.cluster.list('pods').some((pod) => pod.metadata.deletionTimestamp);
        const isSettled = now === last && !isEnding;
        last = now;
        expect(isSettled).toBe(true);
      },
      { timeout: 60_000, interval: 500 },
    );
    return last;
  }

  /** The dashboard's server core on this cluster, for as long as something looks at it. */
  async function withDashboard(look: (runtime: Runtime) => Promise<void>): Promise<void> {
    const authority = join(folder, 'ca.crt');
    writeFileSync(authority, lab.authorityPem);
    const runtime = createRuntime(
      parseConfig(
        {
          ...environment,
          LOG_LEVEL: 'silent',
          PROMETHEUS_URL: lab.urls.prometheus,
          INGRESS_CONNECT_TO: lab.connectTo,
          MODEL_CA_FILE: authority,
        },
        (path) => readFileSync(path, 'utf8'),
      ),
    );
    try {
      await look(runtime);
    } finally {
      await runtime.shutdown(0);
    }
  }

  /** Statuses of the dashboard's gates that the script knows too, once they are the expected ones. */
  function expectSameAsDashboard(found: Run): Promise<void> {
    const { namespace: _own, 'server-dry-run': _too, ...expected } = gatesOf(found);
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(10);
    // The dashboard's watches and probes answer one after the other.
    return withDashboard((runtime) =>
      vi.waitFor(
        () => {
          const { gates } = runtime.hub.current().checklist;
          const seen = gates
            .filter(({ id }) => Object.hasOwn(expected, id))
            // The dashboard names the cause behind a failure; the script has no such order.
            .map(({ id, status, reason }) => [id, reason === 'blocked' ? 'fail' : status]);
          expect(toWeight(Object.fromEntries(seen))).toEqual(toWeight(expected));
        },
        { timeout: 60_000, interval: 200 },
      ),
    );
  }

  test('on the healthy cluster nothing stands in the way, and the dashboard sees the same', async () => {
    const found = await deploy('--check');
    expect(found.output).toContain('Nothing stands in the way of overlay demo.');
    expect(found.code).toBe(0);
    await expectSameAsDashboard(found);
  });

  test.each(SCENARIOS_OF_THE_STEP)(
    'in scenario %s the dashboard sees what the script sees',
    async (scenario) => {
      await startIn(scenario);
      await expectSameAsDashboard(await deploy('--check'));
    },
  );

  test('applying twice to a cluster that has it changes nothing the second time, and waiting returns', async () => {
    const first = await deploy('--apply', '--wait', '--timeout', '20');
    expect(first.output).toContain('mistral-3-distributed is up: MainWorkloadReady is True.');
    expect(first.code).toBe(0);
    const version = () =>
      kubectl(
        'get',
        'llmisvc',
        '-n',
        'private-ai',
        'mistral-3-distributed',
        '-o',
        'jsonpath={.metadata.generation}',
      );
    const generation = await version();
    const second = await deploy('--apply', '--overlay', 'demo');
    expect(second.code).toBe(0);
    expect(await version()).toBe(generation);
  });

  test('a dry run of everything changes nothing', async () => {
    const before = await state();
    for (const action of ['--apply', '--delete']) {
      const { code, output } = await deploy(action, '--dry-run', '--wait');
      expect(code, output).toBe(0);
      expect(output).toContain('dry run');
    }
    const argocd = await deploy('--argocd', '--dry-run', '--repo', 'https://git.example.org/demo.git');
    expect(argocd.output).toContain(
      'application.argoproj.io/step-08-llm-d serverside-applied (server dry run)',
    );
    expect(await state()).toBe(before);
  });

  test('with Argo CD the application names the overlay, the address and the revision', async () => {
    const refused = await deploy('--argocd');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('Refused: Argo CD does not know where this repository is.');
    const { code } = await deploy(
      ...[
        '--argocd',
        '--overlay',
        'gateway',
        '--repo',
        'https://git.example.org/demo.git',
        '--revision',
        'v1',
      ],
    );
    expect(code).toBe(0);
    const source = await kubectl(
      ...['get', 'applications.argoproj.io', '-n', 'openshift-gitops', 'step-08-llm-d'],
      ...['-o', 'jsonpath={.spec.source.repoURL} {.spec.source.targetRevision} {.spec.source.path}'],
    );
    expect(source).toBe('https://git.example.org/demo.git v1 gitops/step-08-llm-d/overlays/gateway');
  });

  test('the overlay with authentication leaves no way around it', async () => {
    const { code, output } = await deploy('--apply', '--overlay', 'authenticated');
    expect(code, output).toBe(0);
    const routes = await kubectl('get', 'routes', '-n', 'private-ai', '-o', 'name');
    expect(routes).not.toContain('mistral-3-distributed');
    const annotation = await kubectl(
      ...['get', 'llmisvc', '-n', 'private-ai', 'mistral-3-distributed'],
      ...['-o', 'jsonpath={.metadata.annotations.security\\.opendatahub\\.io/enable-auth}'],
    );
    expect(annotation).toBe('true');
  });

  test('deleting takes the service and its application, waits, and may be repeated', async () => {
    const first = await deploy('--delete', '--overlay', 'gateway', '--wait', '--timeout', '20');
    expect(first.output).toContain('mistral-3-distributed is gone.');
    expect(first.code).toBe(0);
    const applications = await kubectl('get', 'applications.argoproj.io', '-A', '-o', 'name');
    expect(applications).not.toContain('step-08-llm-d');
    const gateways = await kubectl('get', 'gateways.gateway.networking.k8s.io', '-A', '-o', 'name');
    expect(gateways).toContain('openshift-ai-inference');
    const again = await deploy('--delete');
    expect(again.code, again.output).toBe(0);
  });

  test('a service that was deleted is deployed again and comes up', async () => {
    expect((await deploy('--delete', '--wait', '--timeout', '20')).code).toBe(0);
    // Its engines hold their GPUs until they have ended.
    await vi.waitFor(async () => expect(await state()).not.toContain('Pod/mistral-3-distributed'), {
      timeout: 40_000,
      interval: 500,
    });
    const { code, output } = await deploy('--apply', '--wait', '--timeout', '60');
    expect(code, output).toBe(0);
    expect(output).toContain('mistral-3-distributed is up: MainWorkloadReady is True.');
    expect((await state()).match(/Pod\/mistral-3-distributed-kserve-/g)?.length).toBeGreaterThanOrEqual(2);
    await withDashboard((runtime) =>
      vi.waitFor(
        () => {
          const { gates } = runtime.hub.current().checklist;
          const ofService = gates.filter(({ id }) =>
            [
              'distributed-ready',
              'distributed-pods',
              'distributed-distinct-nodes',
              'distributed-answers',
              'metrics-distributed',
            ].includes(id),
          );
          expect(Object.fromEntries(ofService.map(({ id, status }) => [id, status]))).toEqual({
            'distributed-ready': 'pass',
            'distributed-pods': 'pass',
            'distributed-distinct-nodes': 'pass',
            'distributed-answers': 'pass',
            'metrics-distributed': 'pass',
          });
        },
        { timeout: 60_000, interval: 200 },
      ),
    );
  });

  /** What makes a cluster unfit, what the script must say, and which gate says it. */
  const UNFIT: [string, string[][], string, string][] = [
    [
      'without the API',
      [['delete', 'crd', 'llminferenceservices.serving.kserve.io']],
      'llminferenceservice-api',
      'serving.kserve.io/v1alpha1 does not serve llminferenceservices.',
    ],
    [
      'without nodes for it',
      GPU_NODES.map((name) => ['patch', 'node', name, '-p', '{"spec":{"unschedulable":true}}']),
      'gpu-nodes',
      '0 of 2 needed nodes of type g6.4xlarge are ready with a GPU.',
    ],
    [
      'without its queue',
      [['delete', 'localqueues.kueue.x-k8s.io', '-n', 'private-ai', 'default']],
      'kueue-localqueue',
      'LocalQueue default does not exist in private-ai.',
    ],
    [
      'whose kserve is removed',
      [
        [
          'patch',
          'datascienceclusters.datasciencecluster.opendatahub.io',
          'default-dsc',
          '--type=merge',
          '-p',
          '{"spec":{"components":{"kserve":{"managementState":"Removed"}}}}',
        ],
      ],
      'rhoai-platform',
      'kserve is Removed',
    ],
  ];

  test.each(UNFIT)(
    'a cluster %s is refused with the sentence, and stays as it is',
    async (_what, spoil, gate, sentence) => {
      for (const args of spoil) await kubectl(...args);
      const before = await settledState();
      const { code, output } = await deploy('--apply', '--wait', '--timeout', '5');
      expect(code).toBe(1);
      expect(gatesOf({ code, output })[gate]).toBe('fail');
      expect(output).toContain(sentence);
      expect(output).toMatch(/^ +→ \S/m);
      expect(output).toMatch(/Refused: \d of the gates above stand in the way. Nothing was changed./);
      expect(await state()).toBe(before);
    },
  );

  test.each<[ScenarioName, string]>([
    ['bare', 'serving.kserve.io/v1alpha1 does not serve llminferenceservices.'],
    ['no-capacity', '0 GPUs are free on nodes of type g6.4xlarge'],
    ['kueue-gated', 'the engines would wait.'],
  ])('scenario %s is refused with the sentence, and stays as it is', async (scenario, sentence) => {
    await startIn(scenario);
    const generation = () => lab.world.cluster.list('llminferenceservices.serving.kserve.io').map(versionOf);
    const before = generation();
    const { code, output } = await deploy('--apply', '--wait', '--timeout', '5');
    expect(code, output).toBe(1);
    expect(output).toContain(sentence);
    expect(output).toContain('Nothing was changed.');
    expect(generation()).toEqual(before);
  });

  test('in scenario forbidden an account that may hardly look is told which rights are missing', async () => {
    await startIn('forbidden');
    await kubectl('config', 'use-context', 'lab-reader');
    const found = await deploy('--apply');
    expect(found.code).toBe(1);
    const unknown = Object.entries(gatesOf(found)).filter(([, status]) => status === 'unknown');
    expect(unknown.map(([id]) => id)).toEqual(
      expect.arrayContaining(['gpu-nodes', 'inference-gateway-object']),
    );
    expect(found.output).toMatch(/May not look: .*cannot list resource "nodes"/);
    expect(found.output).toContain('Nothing was changed.');
  });

  test('whoever may only read is refused, with the right that is missing', async () => {
    await kubectl('config', 'use-context', 'lab-reader');
    const { code, output } = await deploy('--apply');
    expect(code).toBe(1);
    expect(gatesOf({ code, output })['server-dry-run']).toBe('fail');
    expect(output).toMatch(/cannot patch resource "llminferenceservices"/);
  });

  test('a cluster that does not answer is unknown, not unfit', async () => {
    await lab.stopKubernetesApi();
    const { code, output } = await deploy('--check');
    expect(code).toBe(1);
    expect(gatesOf({ code, output })).toEqual({ cluster: 'unknown' });
  });
});
