/** For tests: an engine under a closed loop of users, in virtual time. */
import { type VirtualClock, virtualClock } from '../clock.ts';
import type { EngineOptions } from '../parts.ts';
import { EngineCore } from './engine-core.ts';
import { engineOptions } from './engine-fixture.ts';

export interface ClosedLoopRun {
  clock: VirtualClock;
  core: EngineCore;
  ttftMs: number[];
  /** Mean per request, as GuideLLM defines inter-token latency. */
  itlMs: number[];
}

export const PROMPT_TOKENS = 263;
export const OUTPUT_TOKENS = 256;

/** A closed loop: each user sends the next request when the last is answered. Prompts share nothing. */
export async function closedLoop(
  users: number,
  seconds: number,
  overrides: Partial<EngineOptions> = {},
): Promise<ClosedLoopRun> {
  const clock = virtualClock();
  const core = new EngineCore(engineOptions({ clock, ...overrides }));
  const run: ClosedLoopRun = { clock, core, ttftMs: [], itlMs: [] };
  const endMs = clock.nowMs() + seconds * 1000;
  let requests = 0;
  const send = (): void => {
    const sentMs = clock.nowMs();
    if (sentMs >= endMs) return;
    const seed = requests++;
    let firstMs: number | null = null;
    core.submit({
      promptTokens: Array.from({ length: PROMPT_TOKENS }, (_, index) => seed * 1000 + index),
      maxTokens: OUTPUT_TOKENS,
      minTokens: 0,
      ignoreEos: true,
      stopStrings: [],
      answer: { next: () => ({ id: 7, text: ' token' }) },
      arrivedMs: sentMs,
      onOutput: ({ finish }) => {
        if (firstMs === null) {
          firstMs = clock.nowMs();
          run.ttftMs.push(firstMs - sentMs);
        }
        if (finish === null) return;
        run.itlMs.push((clock.nowMs() - firstMs) / (OUTPUT_TOKENS - 1));
        send();
      },
    });
  };
  for (let user = 0; user < users; user++) send();
  await clock.advance(seconds * 1000);
  return run;
}
