import { expect, test } from 'vitest';
import { scrapeTargets } from './scrape-targets.ts';
import { createTestWorld } from './world-fixture.ts';

const LOST = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';

test('targets carry the labels that each scrape path attaches', async () => {
  const { world } = await createTestWorld();
  const targets = scrapeTargets({ world, pickerPage: () => '' });
  const always = { namespace: 'private-ai', prometheus: 'openshift-user-workload-monitoring/user-workload' };
  expect(targets.map(({ labels, metricNamePrefix }) => ({ ...labels, metricNamePrefix }))).toEqual([
    {
      ...always,
      job: 'mistral-3-distributed-epp-service',
      service: 'mistral-3-distributed-epp-service',
      endpoint: 'metrics',
      instance: '10.129.4.33:9090',
      container: 'main',
      pod: 'mistral-3-distributed-kserve-router-scheduler-m8qlkwp4r-mr8tr',
      llm_isvc_name: 'mistral-3-distributed',
      llm_isvc_component: 'router-scheduler',
      metricNamePrefix: 'kserve_',
    },
    {
      ...always,
      job: 'mistral-3-int4-metrics',
      service: 'mistral-3-int4-metrics',
      endpoint: 'vllm-runtime-metrics',
      instance: '10.129.4.29:8080',
      container: 'kserve-container',
      pod: 'mistral-3-int4-predictor-dsgkf2dt82-cgsdk',
      metricNamePrefix: '',
    },
    ...[
      [LOST, '10.128.6.37:8000'],
      ['mistral-3-distributed-kserve-ftk8wprfxh-rv4xr', '10.131.2.41:8000'],
    ].map(([pod, instance]) => ({
      ...always,
      job: 'private-ai/kserve-llm-isvc-vllm-engine',
      endpoint: '8000',
      instance,
      container: 'main',
      pod,
      llm_isvc_name: 'mistral-3-distributed',
      llm_isvc_role: 'both',
      llm_isvc_component: 'workload',
      metricNamePrefix: 'kserve_',
    })),
  ]);
});

test('a loading pod is a target that refuses; a lost one is none', async () => {
  const { world, clock } = await createTestWorld();
  world.killPod(LOST);
  await clock.advance(10_000);
  const engines = scrapeTargets({ world, pickerPage: () => '' }).filter(
    ({ labels }) => labels.llm_isvc_component === 'workload',
  );
  const pages = await Promise.allSettled(engines.map((target) => target.fetchPage()));
  expect(engines.map(({ labels }) => labels.pod)).not.toContain(LOST);
  expect(pages.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('the picker’s page is the one of the pool that its pod serves', async () => {
  const { world } = await createTestWorld();
  const target = scrapeTargets({ world, pickerPage: (namespace, pool) => `${namespace}/${pool}` }).find(
    ({ labels }) => labels.endpoint === 'metrics',
  );
  expect(await target?.fetchPage()).toBe('private-ai/mistral-3-distributed-inference-pool');
});
