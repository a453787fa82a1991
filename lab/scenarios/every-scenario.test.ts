import { expect, test } from 'vitest';
import { type Visit, visitLab } from '../faults/lab-visit.ts';
import { SCENARIOS, type ScenarioName } from '../scenarios.ts';

/** How the demo's two models answer at their doors: status codes, or `none` where nobody takes the connection. */
async function answersOf({ during, chat }: Visit): Promise<Record<string, number | 'none'>> {
  const ask = (arm: 'baseline' | 'distributed'): Promise<number | 'none'> =>
    during(
      chat(arm).then(
        ({ status }) => status,
        () => 'none',
      ),
    );
  return { baseline: await ask('baseline'), distributed: await ask('distributed') };
}

const WHOLE = { baseline: 200, distributed: 200 };

/** By Route, and by Gateway. */
const SHOWN: Record<ScenarioName, Record<string, number | 'none'>> = {
  healthy: WHOLE,
  'as-shipped': { ...WHOLE, distributed: 503 },
  'gateway-removed': { ...WHOLE, distributed: 503 },
  bare: { baseline: 503, distributed: 503 },
  'no-capacity': WHOLE,
  'kueue-gated': WHOLE,
  forbidden: WHOLE,
  deploying: { ...WHOLE, distributed: 404 },
  // The groups stand in a namespace of their own; the demo's two arms are scaled away.
  'data-parallel': { baseline: 503, distributed: 503 },
  'prefill-decode': WHOLE,
  'tensor-parallel': WHOLE,
  newer: { ...WHOLE, distributed: 401 },
};

test.each(Object.keys(SCENARIOS) as ScenarioName[])(
  '%s starts, shows itself at the doors, and turns back into a demo that answers',
  async (scenario) => {
    const visit = await visitLab({ scenario });
    expect(await answersOf(visit)).toEqual(SHOWN[scenario]);
    await visit.lab.show('healthy');
    await visit.clock.advance(120_000);
    expect(await answersOf(visit)).toEqual(WHOLE);
    await visit.lab.stop();
  },
  30_000,
);
