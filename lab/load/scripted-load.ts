/**
 * A load that is decided before it begins and needs no sockets: the same seed gives the same requests at the same virtual
 * times. Each goes to the engines of its arm in turn; what became of it is in `lab.groundTruth()`.
 *
 *     const clock = virtualClock();
 *     const lab = await startLab({ clock });
 *     await clock.advance(0);
 *     playLoad(lab, clock, burstyLoad({ seed: 7, seconds: 600 }));
 *     await clock.advance(600_000);
 *     // meanwhile: lab.killPod(…), lab.faults.start('prometheus-reset'), and queries to lab.urls.prometheus
 */
import type { Clock } from '../clock.ts';
import { type Random, seededRandom } from '../random.ts';
import { ARMS, type Arm } from '../world/arms.ts';
import type { World } from '../world/world.ts';

export interface ScriptedRequest {
  /** After the beginning of the load. */
  atMs: number;
  arm: Arm;
  promptTokens: number;
  outputTokens: number;
  /** Requests of one conversation begin with the same tokens. */
  conversation: number;
}

export interface BurstyLoadOptions {
  seed: number;
  seconds: number;
  /** Both by default. */
  arms?: readonly Arm[];
  /** Between bursts, for each arm; 0.3 by default. */
  requestsPerSecond?: number;
}

const REQUESTS_PER_SECOND = 0.3;
/** A burst: so many requests within a second, about once in so many seconds. */
const BURST = { least: 4, most: 12, everySeconds: 60 };
const PROMPT_TOKENS = { least: 40, most: 900 };
const OUTPUT_TOKENS = { least: 10, most: 240 };
const CONVERSATIONS = 40;

function between(random: Random, { least, most }: { least: number; most: number }): number {
  return Math.round(least + random() * (most - least));
}

/** Single requests at random times, and bursts that make queues. */
export function burstyLoad({
  seed,
  seconds,
  arms = ARMS,
  requestsPerSecond = REQUESTS_PER_SECOND,
}: BurstyLoadOptions): ScriptedRequest[] {
  const random = seededRandom(seed);
  const requestAt = (arm: Arm, atMs: number): ScriptedRequest => ({
    atMs,
    arm,
    promptTokens: between(random, PROMPT_TOKENS),
    outputTokens: between(random, OUTPUT_TOKENS),
    conversation: Math.floor(random() * CONVERSATIONS),
  });
  const lasts = seconds * 1000;
  return arms
    .flatMap((arm) => {
      const requests: ScriptedRequest[] = [];
      const single = Math.round(seconds * requestsPerSecond);
      for (let number = 0; number < single; number++) requests.push(requestAt(arm, random() * lasts));
      for (let burst = 0; burst < Math.floor(seconds / BURST.everySeconds); burst++) {
        const atMs = random() * lasts;
        const size = between(random, BURST);
        for (let number = 0; number < size; number++)
          requests.push(requestAt(arm, Math.min(lasts, atMs + random() * 1000)));
      }
      return requests;
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/** Lets the requests come when they are due; the returned function takes back those that are not. */
export function playLoad(
  { world }: { world: World },
  clock: Clock,
  script: readonly ScriptedRequest[],
): () => void {
  const turns: Record<Arm, number> = { baseline: 0, distributed: 0 };
  const send = ({ arm, promptTokens, outputTokens, conversation }: ScriptedRequest): void => {
    // Prefill engines get their work from the decode engines.
    const engines = world.engines
      .list()
      .filter((entry) => entry.arm === arm && entry.plan.role !== 'prefill');
    const { engine } = engines[turns[arm]++ % Math.max(1, engines.length)] ?? {};
    // Where nothing runs nobody is served, as on a cluster.
    engine?.generate?.({
      promptTokens: Array.from({ length: promptTokens }, (_, index) => conversation * 10_000 + index),
      outputTokens,
    });
  };
  const cancels = script.map((request) => clock.schedule(request.atMs, () => send(request)));
  return () => {
    for (const cancel of cancels) cancel();
  };
}
