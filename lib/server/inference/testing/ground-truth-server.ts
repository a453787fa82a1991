import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer } from '@/lib/server/testing/http-server';
import { DONE, FINISH, frame, SSE, usage } from './relay-harness';

/** One step of a scripted answer. */
export interface Step {
  /** Before this is written. */
  waitMs: number;
  /** Writes in order; several make several packets. */
  pieces: readonly (string | Buffer)[];
  /** Whether it carries text: its last byte completes a delta that counts. */
  hasText: boolean;
}

export interface Script {
  steps: readonly Step[];
  /** What the engine reports at the end; `null` for none. */
  tokens: number | null;
  /** Whether `tokens` is known from the text's own chunks, too (continuous usage). */
  isContinuous?: boolean;
  /** After the last step: an ordinary end, a destroyed connection, a body that just ends, or an error in the stream. */
  end: 'done' | 'reset' | 'cut' | 'error';
}

/** What the server itself saw, by the contract's formulas on its own write times. */
export interface Truth {
  ttftMs: number | null;
  meanItlMs: number | null;
  tokensPerSecond: number | null;
  /** `null` for an answer that did not end. */
  e2eMs: number | null;
}

export interface GroundTruthServer {
  url: URL;
  /** Of the last answer. */
  truth(): Truth;
}

/** Plays a script to whoever asks, and keeps the times at which it really wrote, however late the machine let it. */
export async function startGroundTruthServer(script: Script): Promise<GroundTruthServer> {
  let truth: Truth | null = null;
  const { url } = await startHttpServer((request, response) => {
    void play(script, request, response).then((seen) => {
      truth = seen;
    });
  });
  return {
    url,
    truth: () => {
      if (truth === null) throw new Error('nothing was asked yet');
      return truth;
    },
  };
}

async function play(script: Script, request: IncomingMessage, response: ServerResponse): Promise<Truth> {
  const receivedAtMs = performance.now();
  request.resume();
  const textAtMs: number[] = [];
  response.writeHead(200, SSE);
  response.flushHeaders();
  for (const { waitMs, pieces, hasText } of script.steps) {
    if (waitMs > 0) await sleep(waitMs);
    for (const [index, piece] of pieces.entries()) {
      // A turn of the event loop between pieces lets them travel apart.
      if (index > 0) await new Promise((resolve) => setImmediate(resolve));
      response.write(piece);
    }
    if (hasText) textAtMs.push(performance.now());
  }
  let endedAtMs: number | null = null;
  switch (script.end) {
    case 'done':
      response.write(FINISH + (script.tokens === null ? '' : usage(script.tokens)));
      response.end(DONE);
      endedAtMs = performance.now();
      break;
    case 'reset':
      // What was written arrives before the connection breaks.
      await sleep(20);
      response.destroy();
      break;
    case 'cut':
      response.end();
      break;
    case 'error':
      response.end(frame({ error: { message: 'The engine is gone', code: 500 } }));
      break;
    default:
      script.end satisfies never;
  }
  const [first, last] = [textAtMs[0] ?? null, textAtMs.at(-1) ?? null];
  const gaps = script.tokens === null ? 0 : script.tokens - 1;
  const isSpread = first !== null && last !== null && last > first && gaps > 0 && textAtMs.length > 1;
  const isCounted = script.end === 'done' || script.isContinuous === true;
  const meanItlMs = isSpread && isCounted ? (last - first) / gaps : null;
  return {
    ttftMs: first === null ? null : first - receivedAtMs,
    meanItlMs,
    tokensPerSecond: meanItlMs === null ? null : 1000 / meanItlMs,
    e2eMs: endedAtMs === null ? null : endedAtMs - receivedAtMs,
  };
}

const ROLE = frame({
  choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
});

export function roleStep(waitMs: number): Step {
  return { waitMs, pieces: [ROLE], hasText: false };
}

/** One delta, possibly cut into packets at the given byte positions. */
export function textStep(
  waitMs: number,
  text: string,
  options: { field?: 'content' | 'reasoning'; cuts?: readonly number[]; tokensSoFar?: number } = {},
): Step {
  const bytes = Buffer.from(
    frame({
      choices: [{ index: 0, delta: { [options.field ?? 'content']: text }, finish_reason: null }],
      ...(options.tokensSoFar === undefined
        ? {}
        : { usage: { prompt_tokens: 46, completion_tokens: options.tokensSoFar } }),
    }),
  );
  const borders = [0, ...(options.cuts ?? []), bytes.length];
  const pieces = borders.slice(1).map((border, index) => bytes.subarray(borders[index] ?? 0, border));
  return { waitMs, pieces, hasText: text !== '' };
}
