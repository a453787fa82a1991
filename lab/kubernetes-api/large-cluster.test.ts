/** A thousand nodes and ten thousand pods: everything is listed, page by page, and each change is encoded once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import { startTestApi } from './api-fixture.ts';
import { kindOf } from './catalogue.ts';
import { hasKubectl, openShell, type Shell } from './kubectl-fixture.ts';

const NODES = 1_000;
const PODS = 10_000;

const nodeName = (index: number): string => `node-${String(index).padStart(4, '0')}.example.com`;

function fill({ world: { cluster } }: Lab): void {
  for (let index = 0; index < NODES; index += 1) {
    const capacity = { cpu: '16', memory: '64Gi', pods: '250' };
    const status = { allocatable: capacity, capacity, conditions: [{ type: 'Ready', status: 'True' }] };
    cluster.create('nodes', { name: nodeName(index) }, { spec: {}, status });
  }
  const startedAt = cluster.now();
  for (let index = 0; index < PODS; index += 1) {
    cluster.create(
      'pods',
      { name: `worker-${String(index).padStart(5, '0')}`, namespace: 'default', labels: { app: 'worker' } },
      {
        spec: {
          nodeName: nodeName(index % NODES),
          containers: [{ name: 'main', image: 'example.com/worker:1' }],
        },
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: startedAt }],
          containerStatuses: [
            { name: 'main', ready: true, restartCount: 0, state: { running: { startedAt } } },
          ],
        },
      },
    );
  }
}

describe.skipIf(!hasKubectl())('a large cluster through kubectl', () => {
  let lab: Lab;
  let shell: Shell;
  beforeAll(async () => {
    lab = await startLab({ scenario: 'bare' });
    fill(lab);
    shell = openShell(lab);
  }, 60_000);
  afterAll(async () => {
    await lab.stop();
    shell.remove();
  });

  test('nodes and pods are all there, once, in the order of their names', async () => {
    const { out: nodes } = await shell.run('kubectl get nodes | grep -c "^node-"');
    expect(nodes).toBe(`${NODES}\n`);
    const { out, error } = await shell.run(
      'cd $HOME && kubectl get pods -n default -o wide --no-headers > pods && wc -l < pods && LC_ALL=C sort -c pods && tail -1 pods',
    );
    const [count, last = ''] = out.trimEnd().split('\n');
    expect({ count: Number(count), error }).toEqual({ count: PODS, error: '' });
    expect(last).toMatch(
      /^worker-09999 +1\/1 +Running +0 +\d+\w+ +<none> +node-0999\.example\.com +<none> +<none>$/,
    );
  }, 60_000);

  test('selectors find the few among the many', async () => {
    const { out } = await shell.run(
      `kubectl get pods -n default -l app=worker --field-selector spec.nodeName=${nodeName(7)} -o name`,
    );
    const names = Array.from({ length: PODS / NODES }, (_, index) => `pod/worker-0${index}007\n`);
    expect(out).toBe(names.join(''));
  });
});

test('however many watch, a change is encoded once', async () => {
  const api = await startTestApi({ objects: [] });
  const watches = await Promise.all(
    Array.from({ length: 50 }, () =>
      api.watch(`/api/v1/configmaps?watch=true&resourceVersion=${api.store.revision()}`),
    ),
  );
  let encodings = 0;
  const data = {
    toJSON: () => {
      encodings += 1;
      return { seen: 'once' };
    },
  };
  api.store.put(kindOf('configmaps'), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'counted', namespace: 'default' },
    data,
  });
  const events = await Promise.all(watches.map((watch) => watch.next()));
  expect(events.map((event) => event?.object.data)).toEqual(events.map(() => ({ seen: 'once' })));
  expect(encodings).toBe(1);
  for (const watch of watches) watch.close();
  await api.stop();
});
