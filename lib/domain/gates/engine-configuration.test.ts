import { expect, test } from 'vitest';
import type { PodContainer } from '../objects/core';
import { buildCluster, buildProbe, healthyMetrics, healthyProbes, NODE } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildContainer,
  buildEnginePod,
  buildInferenceService,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';
import type { Arm } from '../vocabulary';
import { flagsOf } from './engine-configuration';

const SHELL = `eval "vllm serve /mnt/models --served-model-name \\"m\\" --port 8000 \${VLLM_ADDITIONAL_ARGS} --ssl-certfile x"`;

function arms(baseline: Partial<PodContainer>, distributed: Partial<PodContainer> = {}) {
  return buildCluster({
    pods: [
      buildBaselinePod(NODE.a, { containers: [buildContainer({ name: 'kserve-container', ...baseline })] }),
      buildEnginePod('engine-a', NODE.b, { containers: [buildContainer(distributed)] }),
    ],
  });
}

test('names and ports are no difference, tuning is, and every difference is in the evidence', () => {
  const cluster = arms(
    {
      command: ['python'],
      args: ['--port=8080', '--served-model-name=m', '--max-model-len=8192', '--kv_cache_dtype', 'fp8'],
    },
    { args: [SHELL] },
  );
  const gate = gateOf('engine-configuration', { cluster });
  expect(gate.status).toBe('warn');
  expect(gate.evidence[0]?.excerpt).toMatchObject({
    differences: [
      { name: '--max-model-len', baseline: '8192', distributed: 'not set' },
      { name: '--kv-cache-dtype', baseline: 'fp8', distributed: 'not set' },
    ],
  });
});

test('arguments that come by VLLM_ADDITIONAL_ARGS make the arms alike', () => {
  const cluster = arms(
    { command: [], args: ['--kv-cache-dtype=fp8'] },
    { args: [SHELL], additionalEngineArgs: '--kv-cache-dtype fp8' },
  );
  expect(gateOf('engine-configuration', { cluster }).status).toBe('pass');
});

test('a variable that the command line never takes in changes nothing', () => {
  const cluster = arms(
    { command: [], args: [] },
    { args: ['vllm serve /mnt/models'], additionalEngineArgs: '--kv-cache-dtype fp8' },
  );
  expect(gateOf('engine-configuration', { cluster }).status).toBe('pass');
});

test.each([
  ['image', arms({ image: 'vllm:1' }, { image: 'vllm:2' }), 'image vllm:1 against vllm:2'],
  ['environment', arms({ environmentNames: ['VLLM_USE_V1', 'HOME'] }), 'VLLM_USE_V1 set against not set'],
  [
    'model',
    buildCluster({ inferenceservices: [buildInferenceService({ modelUri: 'oci://other' })] }),
    'model oci://other against',
  ],
])('a difference of the %s is told', (_name, cluster, finding) => {
  expect(gateOf('engine-configuration', { cluster })).toMatchObject({
    status: 'warn',
    finding: expect.stringContaining(finding),
  });
});

test('versions are compared where both servers tell theirs', () => {
  const { engineVersion: _untold, ...silent } = buildProbe({ arm: 'distributed' });
  const probes = [buildProbe({ arm: 'baseline', engineVersion: '0.10.0' }), silent];
  expect(gateOf('engine-configuration', { probes }).status).toBe('pass');
  expect(
    gateOf('engine-configuration', {
      probes: [...healthyProbes(), buildProbe({ arm: 'baseline', engineVersion: '0.10.0' })],
    }).finding,
  ).toContain('version 0.10.0, 0.11.0+rhai1 against 0.11.0+rhai1');
});

test('what the engines publish about their cache counts, their capacity does not', () => {
  const metrics = healthyMetrics();
  const publishing = (arm: Arm, type: string, tokens: string) => ({
    ...metrics.arms[arm],
    engineConfiguration: { promql: 'q', properties: { 'KV-cache type': type, 'KV-cache tokens': tokens } },
  });
  const differing = {
    ...metrics,
    arms: {
      baseline: publishing('baseline', 'fp8', '1'),
      distributed: publishing('distributed', 'auto', '2'),
    },
  };
  expect(gateOf('engine-configuration', { metrics: differing }).finding).toMatch(
    /: KV-cache type fp8 against auto\.$/,
  );
});

test('pods of one arm that differ among themselves differ from the other arm', () => {
  const cluster = buildCluster({
    pods: [
      buildBaselinePod(NODE.a),
      buildEnginePod('engine-a', NODE.b),
      buildEnginePod('engine-b', NODE.c, { containers: [buildContainer({ image: 'older' })] }),
    ],
  });
  expect(gateOf('engine-configuration', { cluster }).finding).toContain('older, registry.redhat.io');
});

test('with one arm alone there is nothing to compare', () => {
  const cluster = buildCluster({ pods: [buildEnginePod('engine-a', NODE.b)] });
  expect(gateOf('engine-configuration', { cluster })).toMatchObject({
    status: 'not-applicable',
    finding: 'Nothing to compare: the baseline arm has no engine.',
  });
});

test('flags are read as the engine reads them', () => {
  const pod = buildEnginePod('engine-a', NODE.b, {
    containers: [
      buildContainer({
        command: [],
        args: ['--a=1', '--a=2', '--b_c', '3', '--on', '--port=1', '--model=x'],
      }),
    ],
  });
  expect([...flagsOf(pod)]).toEqual([
    ['--a', '2'],
    ['--b-c', '3'],
    ['--on', 'on'],
  ]);
});
