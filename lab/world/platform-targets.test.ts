import { expect, test } from 'vitest';
import { parsePage, parseSeriesText } from '../prometheus-api/exposition-parser.ts';
import { sceneOf } from '../scenarios.ts';
import { createPlatformTargets } from './platform-targets.ts';
import { createTestWorld } from './world-fixture.ts';

interface Line {
  name: string;
  labels: Record<string, string>;
  value: number;
}

async function linesOf(page: Promise<string>): Promise<Line[]> {
  return parsePage(await page).samples.map(({ seriesText, value }) => {
    const { name, labels } = parseSeriesText(seriesText);
    return { name, labels: Object.fromEntries(labels), value };
  });
}

test('each GPU node has an exporter that knows who holds its GPU', async () => {
  const { world } = await createTestWorld();
  const exporters = createPlatformTargets(world)().filter(
    ({ labels }) => labels.job === 'nvidia-dcgm-exporter',
  );
  const used = await Promise.all(
    exporters.map(async (target) => {
      const lines = await linesOf(target.fetchPage());
      const line = lines.find(({ name }) => name === 'DCGM_FI_DEV_FB_USED');
      return [target.labels.namespace, line?.labels.Hostname?.split('.')[0], line?.labels.pod, line?.value];
    }),
  );
  expect(used.toSorted()).toEqual([
    ['nvidia-gpu-operator', 'ip-10-0-17-203', 'mistral-3-int4-predictor-dsgkf2dt82-cgsdk', 19_582],
    ['nvidia-gpu-operator', 'ip-10-0-21-87', 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr', 20_734],
    ['nvidia-gpu-operator', 'ip-10-0-29-140', 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b', 20_734],
  ]);
  world.stop();
});

test('energy is what the power draw has made of the time', async () => {
  const { world, clock } = await createTestWorld();
  const energy = async (): Promise<number> => {
    const [exporter] = createdTargets().filter(({ labels }) => labels.job === 'nvidia-dcgm-exporter');
    const lines = await linesOf(exporter?.fetchPage() ?? Promise.resolve(''));
    return lines.find(({ name }) => name === 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION')?.value ?? Number.NaN;
  };
  const createdTargets = createPlatformTargets(world);
  const before = await energy();
  await clock.advance(10_000);
  expect((await energy()) - before).toBeCloseTo(16.5 * 10_000, 3);
  world.stop();
});

test('kube-state-metrics tells of pods, deployments and GPUs, under labels of its own', async () => {
  const { world } = await createTestWorld();
  const target = createPlatformTargets(world)().find(({ labels }) => labels.job === 'kube-state-metrics');
  const lines = await linesOf(target?.fetchPage() ?? Promise.resolve(''));
  const of = (name: string, label: string): [string | undefined, number][] =>
    lines.filter((line) => line.name === name).map(({ labels, value }) => [labels[label], value]);
  expect(target?.honorsLabels).toBe(true);
  expect(of('kube_node_status_allocatable', 'node')).toHaveLength(3);
  expect(of('kube_deployment_status_replicas_available', 'deployment')).toContainEqual([
    'mistral-3-distributed-kserve',
    2,
  ]);
  expect(of('kube_pod_container_resource_requests', 'pod').map(([pod]) => pod)).toHaveLength(3);
  expect(of('kube_pod_info', 'node').length).toBeGreaterThan(3);
  world.stop();
});

test('without GPUs and engines there is nothing of this', async () => {
  const { world } = await createTestWorld({ objects: await sceneOf('bare') });
  expect(createPlatformTargets(world)()).toEqual([]);
  world.stop();
});
