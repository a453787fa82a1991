import { expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { goDuration } from './image-pulls.ts';
import type { Pod } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const NODE = 'ip-10-0-17-203.us-east-2.compute.internal';
const BIG = 'quay.io/someone/vllm-cuda:1';

function run({ world }: TestWorld, name: string, image: string, fields: Record<string, unknown> = {}): void {
  const spec = { nodeName: NODE, containers: [{ name: 'main', image, ...fields }] };
  world.cluster.create('pods', { name, namespace: 'default' }, { spec, status: { phase: 'Pending' } });
}

function podOf({ world }: TestWorld, name: string): Pod {
  const pod = world.cluster.get<Pod>('pods', 'default', name);
  if (pod === undefined) throw new Error(`${name} is there`);
  return pod;
}

function stateOf(it: TestWorld, name: string): unknown {
  const { waiting, running } = podOf(it, name).status.containerStatuses?.[0]?.state ?? {};
  return waiting ?? (running === undefined ? undefined : 'running');
}

function told({ world }: TestWorld, name: string): string[] {
  return world.cluster
    .list<
      KubernetesObject & { involvedObject: { name: string }; reason: string; message: string; count: number }
    >('events', 'default')
    .filter(({ involvedObject }) => involvedObject.name === name)
    .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    .map(({ reason, message, count }) => `${reason} ${message}${count > 1 ? ` (${count})` : ''}`);
}

test('an image that its node lacks is pulled first; the next pod there finds it', async () => {
  const it = await createTestWorld({ timeFactor: 1 });
  run(it, 'first', BIG);
  await it.clock.advance(50_000);
  expect(stateOf(it, 'first')).toEqual({ reason: 'ContainerCreating' });
  expect(told(it, 'first')).toEqual([`Pulling Pulling image "${BIG}"`]);
  await it.clock.advance(50_000);
  expect(stateOf(it, 'first')).toBe('running');
  const [, pulled, created, started] = told(it, 'first');
  const message =
    /^Pulled Successfully pulled image ".+" in (?:1m)?[\d.]+s \((?:1m)?[\d.]+s including waiting\)\. Image size: \d{10} bytes\.$/;
  expect(pulled).toMatch(message);
  expect([created, started]).toEqual(['Created Created container: main', 'Started Started container main']);
  run(it, 'second', BIG);
  await it.clock.advance(3000);
  expect(stateOf(it, 'second')).toBe('running');
  expect(told(it, 'second')[0]).toBe(`Pulled Container image "${BIG}" already present on machine`);
  it.world.stop();
});

test('a node pulls one image after the other, and the same one once', async () => {
  const it = await createTestWorld({ timeFactor: 0.1 });
  run(it, 'first', BIG);
  run(it, 'second', BIG);
  await it.clock.advance(12_000);
  const took = ['first', 'second'].map(
    (name) => /in (\S+) \((\S+) including/.exec(told(it, name)[1] ?? '')?.slice(1) ?? [],
  );
  const [[firstPull, firstTotal], [secondPull, secondTotal]] = took as [string[], string[]];
  expect(firstTotal).toBe(firstPull);
  expect(secondPull).toBe('60ms');
  expect(Number.parseFloat(secondTotal ?? '')).toBeCloseTo(Number.parseFloat(firstPull ?? '') + 0.06, 5);
  it.world.stop();
});

test('a scene has been rehearsed: its nodes have its images, a node that joins has none', async () => {
  const it = await createTestWorld();
  const [image = ''] = it.world.cluster
    .list<Pod>('pods', 'private-ai')
    .flatMap(({ spec }) => spec.containers.map((container) => container.image));
  it.world.cluster.create('nodes', { name: 'new' }, { spec: {}, status: {} });
  run(it, 'here', image);
  const spec = { nodeName: 'new', containers: [{ name: 'main', image }] };
  it.world.cluster.create(
    'pods',
    { name: 'there', namespace: 'default' },
    { spec, status: { phase: 'Pending' } },
  );
  await it.clock.advance(2000);
  expect(told(it, 'here')[0]).toBe(`Pulled Container image "${image}" already present on machine`);
  expect(told(it, 'there')).toEqual([`Pulling Pulling image "${image}"`]);
  it.world.stop();
});

test('an image that nobody has is tried again ever more rarely, until the pod names another', async () => {
  const it = await createTestWorld();
  const image = 'registry.invalid/a/b:1';
  const failure =
    'initializing source docker://registry.invalid/a/b:1: pinging container registry registry.invalid: Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid on 10.0.0.2:53: no such host';
  run(it, 'wrong', image);
  await it.clock.advance(2000);
  expect(stateOf(it, 'wrong')).toEqual({ reason: 'ErrImagePull', message: failure });
  await it.clock.advance(2000);
  const backOff = `Back-off pulling image "${image}"`;
  const waits = { reason: 'ImagePullBackOff', message: `${backOff}: ErrImagePull: ${failure}` };
  expect(stateOf(it, 'wrong')).toEqual(waits);
  expect(told(it, 'wrong')).toEqual([
    `Pulling Pulling image "${image}"`,
    `Failed Failed to pull image "${image}": ${failure}`,
    'Failed Error: ErrImagePull',
    `BackOff ${backOff}`,
    'Failed Error: ImagePullBackOff',
  ]);
  // Tried at 0, 10, 30, 70, 150, 310, 610, 910 seconds and a little.
  await it.clock.advance(916_000);
  expect(told(it, 'wrong')).toContain(`Pulling Pulling image "${image}" (8)`);
  it.world.cluster.update<Pod>('pods', podOf(it, 'wrong'), ({ spec }) => {
    for (const container of spec.containers) container.image = 'quay.io/someone/tool:1';
  });
  await it.clock.advance(1000);
  expect(stateOf(it, 'wrong')).toBe('running');
  it.world.stop();
});

test('who may not pull says so, and who has to pull always asks the registry', async () => {
  const it = await createTestWorld();
  run(it, 'never', 'quay.io/someone/tool:1', { imagePullPolicy: 'Never' });
  run(it, 'always', 'quay.io/someone/other:1', { imagePullPolicy: 'Always' });
  await it.clock.advance(3000);
  run(it, 'again', 'quay.io/someone/other:1', { imagePullPolicy: 'Always' });
  await it.clock.advance(3000);
  expect(stateOf(it, 'never')).toEqual({
    reason: 'ErrImageNeverPull',
    message: 'Container image "quay.io/someone/tool:1" is not present with pull policy of Never',
  });
  expect(told(it, 'again').slice(0, 2)).toEqual([
    'Pulling Pulling image "quay.io/someone/other:1"',
    expect.stringContaining('in 60ms (60ms including waiting)'),
  ]);
  it.world.stop();
});

test('durations read as Go prints them', () => {
  expect([0, 60, 1000, 8100, 59_999, 60_000, 90_260, 3_725_500].map(goDuration)).toEqual([
    '0s',
    '60ms',
    '1s',
    '8.1s',
    '59.999s',
    '1m0s',
    '1m30.26s',
    '1h2m5.5s',
  ]);
});
