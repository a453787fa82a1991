import { z } from 'zod';

/** The parts of a Chromium trace that are read: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** CPU time of the thread, microseconds. */
  tdur: z.number().optional(),
  args: z.object({ name: z.unknown().optional() }).optional(),
});
const traceSchema = z.object({ traceEvents: z.array(eventSchema) });

/**
 * CPU time of every task of the busiest page's main thread, milliseconds. Unlike the time on the wall it is the same on a
 * machine that does other work meanwhile.
 */
export function mainThreadTasksMs(trace: Buffer): number[] {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')));
  const threads = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const tasksOf = threads.map(({ pid, tid }) =>
    traceEvents.flatMap((event) =>
      event.pid === pid && event.tid === tid && event.ph === 'X' && /RunTask$/.test(event.name)
        ? [(event.tdur ?? 0) / 1_000]
        : [],
    ),
  );
  const sum = (tasks: readonly number[]): number => tasks.reduce((total, task) => total + task, 0);
  return tasksOf.sort((one, other) => sum(other) - sum(one))[0] ?? [];
}
