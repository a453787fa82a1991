import { join } from 'node:path';
import { startChild } from '../scripts/child.ts';
import { BINARIES, ROOT } from '../scripts/paths.ts';

/** A model server of exact pace, in a process of its own (`model-program.ts`). */
export interface ModelServer {
  url: string;
  /** What it did since this was asked last, by the questions' names. Times are those of `monotonicMs`. */
  journals(): Promise<ReadonlyMap<string, Journal>>;
  close(): Promise<void>;
}

export interface Journal {
  receivedAtMs: number;
  /** Just before each token was written. */
  writtenAtMs: number[];
}

export interface Pace {
  firstTokenMs: number;
  gapMs: number;
  tokens: number;
}

/** A question that carries its name and the pace of its answer. */
export function questionOf(name: string, { firstTokenMs, gapMs, tokens }: Pace): string {
  return `${name} ${firstTokenMs} ${gapMs} ${tokens}`;
}

/** `null` for questions of others, which are probes. */
export function readQuestion(text: string): { name: string; pace: Pace } | null {
  const [, name, firstTokenMs, gapMs, tokens] = /^(\S+) (\d+) (\d+) (\d+)$/.exec(text) ?? [];
  if (name === undefined) return null;
  return {
    name,
    pace: { firstTokenMs: Number(firstTokenMs), gapMs: Number(gapMs), tokens: Number(tokens) },
  };
}

/** The text of the n-th token: unmistakable, so that a lost or doubled one is seen. */
export function tokenText(index: number): string {
  return `<${index}>`;
}

export async function startModelServer(): Promise<ModelServer> {
  const child = startChild(join(BINARIES, 'node'), [join(ROOT, 'bench', 'model-program.ts')], { cwd: ROOT });
  const port = (await child.line(/^port (\d+)$/))[1];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    journals: async () => new Map((await (await fetch(`${url}/journals`)).json()) as [string, Journal][]),
    close: () => child.stop(),
  };
}
