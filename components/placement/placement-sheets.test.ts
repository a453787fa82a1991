import { describe, expect, it } from 'vitest';
import { aNode, aPlacement, aPod, NOON } from '@/lib/client/testing/live-fixtures';
import { eventSheet, linkSheet, nodeSheet, podSheet } from './placement-sheets';

const rowsOf = (sheet: ReturnType<typeof podSheet>) =>
  Object.fromEntries(sheet.sections.flatMap(({ rows }) => rows.map(({ name, value }) => [name, value])));

describe('placement sheets', () => {
  it('tell a pod by its full name, with the request that shows it', () => {
    const pod = aPod({
      ready: false,
      phase: 'Pending',
      node: null,
      doing: 'unschedulable',
      waitingReason: 'no free GPU',
    });
    const sheet = podSheet(aPlacement(), pod);
    expect(sheet.lead).toBe('pending: no free GPU');
    expect(rowsOf(sheet)).toEqual({
      Name: 'private-ai/mistral-3-distributed-kserve-ftk8wprfxh-rv4xr',
      Node: 'none yet',
      'Arm, role': 'distributed, prefill + decode',
      'GPUs, phase': '1, Pending',
      Restarts: '0',
      Since: NOON,
      Created: NOON,
      Request: 'GET /api/v1/namespaces/private-ai/pods (list, then watch)',
      Mode: 'SIMULATED',
      Observed: NOON,
    });
  });

  it('tell the place of a pod in its group', () => {
    const group = { set: 'mn', groupIndex: 1, workerIndex: 0, size: 2 };
    expect(rowsOf(podSheet(aPlacement(), aPod({ group }))).Group).toBe('mn 1, worker 0 of 2');
  });

  it('say what of a node is not known instead of a number', () => {
    const gpu = {
      resource: 'nvidia.com/gpu',
      product: null,
      capacity: 1,
      allocatable: null,
      requested: null,
    };
    expect(rowsOf(nodeSheet(aPlacement(), aNode({ gpu, zone: null })))).toMatchObject({
      Zone: 'not known',
      Capacity: '1',
      Allocatable: 'not known',
      Requested: 'not known',
      Taints: 'none',
    });
  });

  it('hold the full text of links and events', () => {
    const finding = `Programmed at ${'x'.repeat(400)}`;
    expect(
      linkSheet(aPlacement(), {
        id: 'g',
        kind: 'Gateway',
        name: 'gw',
        state: 'pass',
        finding,
        summary: 'programmed',
        request: 'GET /gateways',
        observedAt: NOON,
      }).lead,
    ).toBe(finding);
    const event = {
      uid: 'e',
      at: NOON,
      type: 'Warning' as const,
      reason: 'Unhealthy',
      object: { kind: 'Pod', name: 'p' },
      message: finding,
    };
    expect(eventSheet(aPlacement(), event).lead).toBe(finding);
  });
});
