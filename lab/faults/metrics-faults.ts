/** Faults of the metrics: of Prometheus itself, and of what it scrapes. */
import type { PrometheusFaultSwitch, PrometheusFaults } from '../parts.ts';
import type { Arm } from '../world/arms.ts';
import type { EndFault, Fault, FaultTargets } from './fault.ts';

/** Longer than any client of a live screen waits. */
const SLOW_ANSWER_MS = 20_000;
const NEEDS_EMBEDDED = 'needs the embedded Prometheus (start the lab with --prometheus embedded)';

function ofPrometheus(
  fault: Omit<Fault, 'start'>,
  start: (faults: PrometheusFaultSwitch, targets: FaultTargets, arm: Arm | null) => EndFault,
): Fault {
  return {
    ...fault,
    obstacle: ({ metrics }) => (metrics.faults === null ? NEEDS_EMBEDDED : null),
    start: (targets, arm) => {
      const { faults } = targets.metrics;
      return faults === null ? () => {} : start(faults, targets, arm);
    },
  };
}

function whileOn(on: Partial<PrometheusFaults>, off: Partial<PrometheusFaults>) {
  return (faults: PrometheusFaultSwitch): EndFault => {
    faults.set(on);
    return () => faults.set(off);
  };
}

/** One engine pod of an arm: the first by name. */
function onePod({ world }: FaultTargets, arm: Arm | null): string | undefined {
  return world.engines.list().find((entry) => entry.arm === (arm ?? 'distributed'))?.engine.podName;
}

export const prometheusDown = ofPrometheus(
  { description: 'connections are cut and nothing is scraped; the history keeps a gap' },
  whileOn({ isDown: true }, { isDown: false }),
);

export const prometheusSlow = ofPrometheus(
  { description: `every answer takes ${SLOW_ANSWER_MS / 1000} seconds` },
  whileOn({ delayMs: SLOW_ANSWER_MS }, { delayMs: 0 }),
);

export const prometheusPartial = ofPrometheus(
  {
    description: 'one store is away: the series of one engine pod are missing, and every answer warns',
    aim: { whenUnaimed: 'the distributed arm' },
  },
  (faults, targets, arm) => {
    const pod = onePod(targets, arm);
    faults.set({ partial: { missingPods: pod === undefined ? [] : [pod] } });
    return () => faults.set({ partial: null });
  },
);

export const prometheusReset = ofPrometheus(
  { description: '(at once) every counter and histogram begins at zero with the next scrape' },
  (faults) => {
    faults.resetCounters();
    return () => {};
  },
);

export const targetDown: Fault = {
  description: 'one engine pod is not scraped any more (up is 0), though it serves',
  aim: { whenUnaimed: 'the distributed arm' },
  start: (targets, arm) => {
    const { unscrapedPods } = targets.metrics;
    const pod = onePod(targets, arm);
    if (pod === undefined || unscrapedPods.has(pod)) return () => {};
    unscrapedPods.add(pod);
    return () => {
      unscrapedPods.delete(pod);
    };
  },
};
