import { join } from 'node:path';
import { startChild } from '../scripts/child.ts';
import { BINARIES, ROOT } from '../scripts/paths.ts';
import type { Pace } from './model-server.ts';

export type Way = 'directly' | 'through the dashboard';

/** What the reader has to ask, and where: streams side by side, each asking its questions one after the other. */
export interface ReadingOrder {
  url: string;
  way: Way;
  pace: Pace;
  /** The names of the questions of each stream, in order. */
  streams: readonly (readonly string[])[];
  /** Each stream begins so much later than the one before. */
  apartMs: number;
}

/** One answer as it arrived; times are those of `monotonicMs`, noted before anybody looks at the bytes. */
export interface Arrivals {
  name: string;
  sentAtMs: number;
  /** When the bytes of each text arrived. */
  atMs: number[];
  text: string;
  /** The last event of the dashboard's stream. */
  last: unknown;
}

/** Asks for answers and notes when they come: in a process of its own, so that no other work delays what it notes. */
export interface AnswerReader {
  read(order: ReadingOrder): Promise<Arrivals[]>;
  close(): Promise<void>;
}

export type ReaderReply = { arrivals: Arrivals[] } | { failure: string };

export async function startAnswerReader(): Promise<AnswerReader> {
  const program = join(ROOT, 'bench', 'answer-reader-program.ts');
  const child = startChild(join(BINARIES, 'node'), [program], { cwd: ROOT });
  await child.line(/^ready$/);
  return {
    read: (order) =>
      new Promise((resolve, reject) => {
        child.process.once('message', (message) => {
          const reply = message as ReaderReply;
          if ('failure' in reply) reject(new Error(reply.failure));
          else resolve(reply.arrivals);
        });
        child.process.send(order);
      }),
    close: () => child.stop(),
  };
}
