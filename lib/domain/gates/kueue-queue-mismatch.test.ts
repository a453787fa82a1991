import { expect, test } from 'vitest';
import { buildCluster, NODE } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildEnginePod,
  buildLlmService,
  buildLocalQueue,
  buildMeta,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

const QUEUE = 'kueue.x-k8s.io/queue-name';

function service(labels: Record<string, string>, annotations: Record<string, string> = {}) {
  return buildLlmService({ meta: buildMeta({ name: 'mistral-3-distributed', labels, annotations }) });
}

function podsIn(queue: string) {
  return [buildBaselinePod(NODE.a), buildEnginePod('engine-a', NODE.b, { labels: { [QUEUE]: queue } })];
}

test('pods in another queue than the service names, as the hardware profile leaves them', () => {
  const cluster = buildCluster({
    llminferenceservices: [service({ [QUEUE]: 'llmd' })],
    pods: podsIn('default'),
  });
  expect(gateOf('kueue-queue-mismatch', { cluster })).toMatchObject({
    status: 'warn',
    finding: expect.stringContaining(
      'The pods of mistral-3-distributed are in default, while the service names llmd',
    ),
  });
});

test('a profile that will write another queue over the label at the next update', () => {
  const cluster = buildCluster({
    llminferenceservices: [
      service({ [QUEUE]: 'llmd' }, { 'opendatahub.io/hardware-profile-name': 'nvidia-l4-1gpu' }),
    ],
    pods: podsIn('llmd'),
    localqueues: [buildLocalQueue(), buildLocalQueue({ meta: buildMeta({ name: 'llmd' }) })],
  });
  const { finding, status } = gateOf('kueue-queue-mismatch', { cluster });
  expect(status).toBe('warn');
  expect(finding).toContain('writes queue default over llmd at the next update');
  expect(finding).toContain('is in queue llmd, while the quota of default is watched here');
});

test('a label that names no LocalQueue', () => {
  const cluster = buildCluster({
    llminferenceservices: [service({ [QUEUE]: 'gone' })],
    pods: podsIn('gone'),
  });
  expect(gateOf('kueue-queue-mismatch', { cluster }).finding).toContain(
    'Queue gone of mistral-3-distributed does not exist',
  );
});

test('no label in a managed namespace means that the webhook refuses the next update', () => {
  const cluster = buildCluster({ llminferenceservices: [service({})] });
  expect(gateOf('kueue-queue-mismatch', { cluster })).toMatchObject({
    status: 'fail',
    finding: expect.stringContaining('mistral-3-distributed has no kueue.x-k8s.io/queue-name'),
  });
});

test('does not apply to a namespace that Kueue does not manage', () => {
  const namespace = [{ meta: buildMeta({ name: 'private-ai', namespace: null }), phase: 'Active' }];
  const cluster = buildCluster({ namespace, llminferenceservices: [service({})] });
  expect(gateOf('kueue-queue-mismatch', { cluster }).status).toBe('not-applicable');
});
