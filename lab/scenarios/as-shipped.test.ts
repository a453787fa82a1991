import { expect, test } from 'vitest';
import { sceneOf } from '../scenarios.ts';
import { scrapeTargets } from '../world/scrape-targets.ts';
import { createTestWorld } from '../world/world-fixture.ts';

test('the engines are scraped by the demo’s own monitor, whose names have no prefix', async () => {
  const { world } = await createTestWorld({ objects: await sceneOf('as-shipped') });
  const targets = scrapeTargets({ world, pickerPage: () => '' });
  expect(
    targets.map(({ labels, metricNamePrefix }) => [labels.job, labels.endpoint, metricNamePrefix]),
  ).toEqual([
    ['mistral-3-distributed-kserve-workload-svc', 'https', ''],
    ['mistral-3-distributed-kserve-workload-svc', 'https', ''],
    ['mistral-3-int4-metrics', 'vllm-runtime-metrics', ''],
  ]);
  const pages = await Promise.all(targets.map((target) => target.fetchPage()));
  expect(pages.every((page) => page.startsWith('vllm:'))).toBe(true);
  world.stop();
});

test('its monitor of the picker carries no token, and is refused', async () => {
  const { world } = await createTestWorld();
  const monitors = (await sceneOf('as-shipped')).filter(
    ({ kind, metadata }) => kind === 'ServiceMonitor' && metadata.name === 'llmd-router-metrics',
  );
  for (const { metadata, spec } of monitors)
    world.cluster.create('servicemonitors.monitoring.coreos.com', metadata, { spec });
  const refused = scrapeTargets({ world, pickerPage: () => 'a page' }).filter(
    ({ labels, metricNamePrefix }) =>
      labels.job === 'mistral-3-distributed-epp-service' && metricNamePrefix === '',
  );
  expect(refused).toHaveLength(1);
  await expect(refused[0]?.fetchPage()).rejects.toThrow('server returned HTTP status 401 Unauthorized');
  world.stop();
});
