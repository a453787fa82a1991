/** Every command of README.md is run: here, or by the test that its row names. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { waitUntilReady } from '../scripts/dashboard';
import { ROOT } from '../scripts/paths';
import { expect, test } from './fixtures';
import { rawRequest } from './raw-http';

/** What a line of README.md becomes here, or which test runs it as it stands. */
const COMMANDS: Record<string, { runBy: string } | { here: (labFolder: string, pod: string) => string }> = {
  'npm run demo': { runBy: 'demo.spec.ts' },
  'npm run lab -- kill-pod NAME': {
    here: (folder, pod) => `npm run lab -- kill-pod ${pod} --folder ${folder}`,
  },
  'npm run lab -- fault gateway-500 on 30': {
    here: (folder) =>
      `npm run lab -- fault gateway-500 on 30 --folder ${folder} && npm run lab -- fault gateway-500 off --folder ${folder} && npm run lab -- status --folder ${folder}`,
  },
  'npm run lab -- status': { here: (folder) => `npm run lab -- status --folder ${folder}` },
  'source .lab/env && kubectl get pods -n private-ai -o wide': {
    here: (folder) => `source ${folder}/env && kubectl get pods -n private-ai -o wide`,
  },
  'npm test': { runBy: 'the run that this test is part of' },
  'export KUBECONFIG=~/.kube/config': { runBy: 'the test of `npm start` below' },
  'export PROMETHEUS_URL=https://thanos-querier-openshift-monitoring.apps.example.com PROMETHEUS_TOKEN_FILE=./token':
    { runBy: 'the test of `npm start` below' },
  'npm start': { runBy: 'the test of `npm start` below' },
};

function commandsOf(markdown: string): string[] {
  return [...markdown.matchAll(/```bash\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

test('README.md has no command without a test', () => {
  const commands = commandsOf(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  expect(commands.toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});

for (const [command, row] of Object.entries(COMMANDS)) {
  if (!('here' in row)) continue;
  test(command, async ({ stage }) => {
    await expect.poll(async () => (await stage.placement()).pods.length).toBeGreaterThan(0);
    const pod = (await stage.placement()).pods.find(({ role }) => role === 'both');
    const result = spawnSync('bash', ['-ec', row.here(stage.labFolder, pod?.name ?? '')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(result.status, result.stderr).toBe(0);
    expect(result.stdout).toContain('mistral-3-');
  });
}

test('npm start serves the built dashboard against the cluster of the environment, and ends on SIGTERM', async ({
  stage,
}) => {
  const child = spawn('bash', ['-ec', `source ${stage.labFolder}/env && exec npm start`], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const printed = /^Dashboard: (\S+)$/.exec(line)?.[1];
        if (printed !== undefined) resolve(printed);
      });
      void exited.then((code) => reject(new Error(`npm start ended with ${code}`)));
    });
    await waitUntilReady(url);
    // Ready means that a first look was attempted; the mode is unknown until the cluster has answered.
    await expect
      .poll(async () => JSON.parse((await rawRequest(url, { path: '/api/status' })).body).mode, {
        timeout: 30_000,
      })
      .toBe('simulated');
  } finally {
    child.kill('SIGTERM');
  }
  await exited;
});
