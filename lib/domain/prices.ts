import type { ArmCost, Prices } from './compare';
import { armOf, isSchedulerObject } from './objects/arms';
import type { KubeNode, KubePod } from './objects/core';
import { podGpus } from './objects/gpus';
import { instanceTypeOf } from './objects/nodes';
import type { DemoSettings } from './settings';
import type { Arm } from './vocabulary';

/** What a GPU costs, as PRICES_FILE says it. Prices differ by region, contract and day, so none is shipped. */
export interface PriceTable extends Prices {
  /** Per GPU and hour, by instance type: the price of the instance divided by its GPUs. */
  perGpuHour: Readonly<Record<string, number>>;
}

export const PRICES_NOT_CONFIGURED = 'prices are not configured (PRICES_FILE)';

/** What the arm's running engine pods hold now, and what that costs. `problem`: why there is no price table. */
export function toArmCost(
  arm: Arm,
  settings: DemoSettings,
  pods: readonly KubePod[],
  nodes: readonly KubeNode[],
  prices: PriceTable | null,
  problem: string,
): ArmCost {
  const held = pods
    .filter((pod) => armOf(pod, settings) === arm && !isSchedulerObject(pod.meta))
    .filter(
      ({ phase, nodeName, meta }) => phase === 'Running' && nodeName !== null && meta.deletedAt === null,
    )
    .map((pod) => ({
      gpus: podGpus(pod.containers),
      type: instanceTypeNamed(pod.nodeName, nodes),
    }))
    .filter(({ gpus }) => gpus > 0);
  const types = [...new Set(held.flatMap(({ type }) => type ?? []))].sort();
  const gpus = held.length === 0 ? null : held.reduce((sum, one) => sum + one.gpus, 0);
  const base = { gpus, instanceTypes: types };
  if (gpus === null) return { ...base, pricePerHour: null, because: 'no running pod of the arm holds a GPU' };
  if (prices === null) return { ...base, pricePerHour: null, because: problem };
  if (held.some(({ type }) => type === null)) {
    return { ...base, pricePerHour: null, because: 'the instance type of a node is not known' };
  }
  const missing = types.filter((type) => prices.perGpuHour[type] === undefined);
  if (missing.length > 0) {
    return { ...base, pricePerHour: null, because: `PRICES_FILE has no price of ${missing.join(', ')}` };
  }
  const pricePerHour = held.reduce(
    (sum, one) => sum + one.gpus * (prices.perGpuHour[one.type ?? ''] ?? 0),
    0,
  );
  return { ...base, pricePerHour, because: null };
}

function instanceTypeNamed(name: string | null, nodes: readonly KubeNode[]): string | null {
  const node = nodes.find(({ meta }) => meta.name === name);
  return node === undefined ? null : instanceTypeOf(node);
}
