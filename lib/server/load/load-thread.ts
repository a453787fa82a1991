import 'server-only';
import { Worker } from 'node:worker_threads';
import type { LoadEnd } from '@/lib/domain/load';
import type { OutboundOptions } from '@/lib/server/http/outbound';
import type { LoadListener, LoadOrder, LoadReport, RunningLoad } from './load-order';

/** What the thread is started with. */
export interface LoadThreadData {
  order: LoadOrder;
  outbound: Pick<OutboundOptions, 'ingressConnectTo' | 'httpsProxy' | 'noProxy' | 'neverCalled'>;
  caFile: string | null;
}

export type ToLoadThread = { type: 'keep' } | { type: 'stop'; because: LoadEnd };
export type FromLoadThread = ({ type: 'report' } & LoadReport) | { type: 'ended'; because: LoadEnd };

/** A thread that does not end by itself this long after it was told to is ended. */
const PATIENCE_MS = 1_000;

/** Runs a load in a thread of its own: its parsing and waiting delay no chat and no browser (docs/decisions/0224). */
export function startLoadThread(data: LoadThreadData, listener: LoadListener): RunningLoad {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { workerData: data });
  let hasEnded = false;
  const end = (because: LoadEnd): void => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(patience);
    void worker.terminate();
    listener.onEnded(because);
  };
  let patience: ReturnType<typeof setTimeout> | undefined;
  worker.on('message', (message: FromLoadThread) => {
    if (message.type === 'report') listener.onReport(message);
    else end(message.because);
  });
  worker.on('error', () => end('failed'));
  worker.on('exit', () => end('failed'));
  // A load must not keep a server alive that wants to end.
  worker.unref();
  return {
    keep: () => worker.postMessage({ type: 'keep' } satisfies ToLoadThread),
    stop: (because) => {
      worker.postMessage({ type: 'stop', because } satisfies ToLoadThread);
      patience ??= setTimeout(() => end(because), PATIENCE_MS);
    },
  };
}
