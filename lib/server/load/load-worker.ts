import 'server-only';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '@/lib/server/clock';
import { createOutbound } from '@/lib/server/http/outbound';
import { modelDispatcher } from '@/lib/server/inference/model-dispatcher';
import { startLoadRun } from './load-run';
import type { FromLoadThread, LoadThreadData, ToLoadThread } from './load-thread';

/** Entry of the load's thread: wires one run to the messages of its parent. */
const { order, outbound: settings, caFile } = workerData as LoadThreadData;
const outbound = createOutbound(settings);
const tell = (message: FromLoadThread): void => parentPort?.postMessage(message);

const run = startLoadRun({
  order,
  clock: systemClock,
  dispatcherFor: (endpoint) => modelDispatcher(endpoint, { outbound, caFile }),
  listener: {
    onReport: (report) => tell({ type: 'report', ...report }),
    onEnded: (because) => tell({ type: 'ended', because }),
  },
});

parentPort?.on('message', (message: ToLoadThread) => {
  if (message.type === 'keep') run.keep();
  else run.stop(message.because);
});
