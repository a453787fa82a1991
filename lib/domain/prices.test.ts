import { describe, expect, it } from 'vitest';
import type { KubePod } from './objects/core';
import { PRICES_NOT_CONFIGURED, type PriceTable, toArmCost } from './prices';
import { DEFAULT_SETTINGS } from './settings';
import {
  buildBaselinePod,
  buildContainer,
  buildEnginePod,
  buildNode,
  buildSchedulerPod,
} from './testing/build-objects';
import type { Arm } from './vocabulary';

const PRICES: PriceTable = {
  currency: 'USD',
  asOf: '2026-01-31',
  source: 'a price list',
  perGpuHour: { 'g6.4xlarge': 1.32, 'g6.12xlarge': 1.15 },
};
const NODES = [
  buildNode('n1'),
  buildNode('n2'),
  buildNode('big', { type: 'g6.12xlarge', gpus: 4 }),
  buildNode('odd', { type: 'p5' }),
];
const PODS = [
  buildBaselinePod('n1'),
  buildEnginePod('engine-a', 'n1'),
  buildEnginePod('engine-b', 'n2'),
  buildSchedulerPod('n1'),
];

const cost = (arm: Arm, pods: readonly KubePod[] = PODS, prices: PriceTable | null = PRICES) =>
  toArmCost(arm, DEFAULT_SETTINGS, pods, NODES, prices, PRICES_NOT_CONFIGURED);

describe('what an arm costs', () => {
  it('is the price of the GPUs its running engine pods hold, by the instance type of their nodes', () => {
    expect(cost('baseline')).toEqual({
      gpus: 1,
      instanceTypes: ['g6.4xlarge'],
      pricePerHour: 1.32,
      because: null,
    });
    expect(cost('distributed')).toMatchObject({ gpus: 2, pricePerHour: 2.64 });
    const four = buildEnginePod('engine-c', 'big', {
      containers: [buildContainer({ gpus: { 'nvidia.com/gpu': 4 } })],
    });
    expect(cost('distributed', [...PODS, four])).toMatchObject({
      gpus: 6,
      instanceTypes: ['g6.12xlarge', 'g6.4xlarge'],
      pricePerHour: 2.64 + 4.6,
    });
  });

  it('is not known without prices, and the number of GPUs still is', () => {
    expect(cost('distributed', PODS, null)).toEqual({
      gpus: 2,
      instanceTypes: ['g6.4xlarge'],
      pricePerHour: null,
      because: 'prices are not configured (PRICES_FILE)',
    });
  });

  it.each([
    ['a type without a price', buildEnginePod('x', 'odd'), 'PRICES_FILE has no price of p5'],
    ['a node that is not seen', buildEnginePod('x', 'lost'), 'the instance type of a node is not known'],
  ])('names %s', (_name, pod, because) => {
    expect(cost('distributed', [pod])).toMatchObject({ pricePerHour: null, because });
  });

  it('counts neither pending pods nor those without a node', () => {
    const pending = buildEnginePod('x', null, { phase: 'Pending' });
    expect(cost('distributed', [pending])).toMatchObject({
      gpus: null,
      because: 'no running pod of the arm holds a GPU',
    });
  });
});
