import { goNumber } from './number-text.ts';

/** What the Go runtime and the controller library report, around the scheduler's own families. */
export interface GoProcessFacts {
  startedMs: number;
  aliveSeconds: number;
  /** Requests scheduled so far. */
  decisions: number;
}

const RECONCILE_RESULTS = ['error', 'requeue', 'requeue_after', 'success'];
/** Objects the controllers have seen when the pool is complete. */
const RECONCILED: Record<string, number> = { inferenceobjective: 0, inferencepool: 3, pod: 37 };
const GC_PAUSE_QUANTILES: readonly [quantile: string, seconds: number][] = [
  ['0', 4.1223e-5],
  ['0.25', 7.3018e-5],
  ['0.5', 8.8431e-5],
  ['0.75', 0.000104527],
  ['1', 0.000712338],
];
const MEAN_GC_PAUSE_SECONDS = 9.98e-5;
/** The runtime collects at least every two minutes; refreshing pod metrics makes it every few seconds. */
const GC_INTERVAL_SECONDS = 9;

export function goRuntimeLines(facts: GoProcessFacts): string[] {
  const collections = 12 + Math.floor(facts.aliveSeconds / GC_INTERVAL_SECONDS);
  return [
    ...family(
      'controller_runtime_reconcile_total',
      'Total number of reconciliations per controller',
      'counter',
    ),
    ...Object.entries(RECONCILED).flatMap(([controller, successes]) =>
      RECONCILE_RESULTS.map(
        (result) =>
          `controller_runtime_reconcile_total{controller="${controller}",result="${result}"} ${result === 'success' ? successes : 0}`,
      ),
    ),
    ...family(
      'go_gc_duration_seconds',
      'A summary of the wall-time pause (stop-the-world) duration in garbage collection cycles.',
      'summary',
    ),
    ...GC_PAUSE_QUANTILES.map(
      ([quantile, seconds]) => `go_gc_duration_seconds{quantile="${quantile}"} ${goNumber(seconds)}`,
    ),
    `go_gc_duration_seconds_sum ${goNumber(Number((collections * MEAN_GC_PAUSE_SECONDS).toFixed(9)))}`,
    `go_gc_duration_seconds_count ${collections}`,
    ...gauge(
      'go_gc_gogc_percent',
      'Heap size target percentage configured by the user, otherwise 100. This value is set by the GOGC environment variable, and the runtime/debug.SetGCPercent function. Sourced from /gc/gogc:percent.',
      100,
    ),
    ...gauge('go_goroutines', 'Number of goroutines that currently exist.', 94),
    ...family('go_info', 'Information about the Go environment.', 'gauge'),
    'go_info{version="go1.24.6"} 1',
    ...gauge(
      'go_memstats_alloc_bytes',
      'Number of bytes allocated in heap and currently in use. Equals to /memory/classes/heap/objects:bytes.',
      19_874_320,
    ),
    ...gauge('go_threads', 'Number of OS threads created.', 14),
  ];
}

export function goProcessLines(facts: GoProcessFacts): string[] {
  const cpuSeconds = 1.9 + facts.aliveSeconds * 0.006 + facts.decisions * 0.0006;
  return [
    ...family('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', 'counter'),
    `process_cpu_seconds_total ${goNumber(Math.round(cpuSeconds * 100) / 100)}`,
    ...gauge('process_max_fds', 'Maximum number of open file descriptors.', 1_048_576),
    ...gauge('process_open_fds', 'Number of open file descriptors.', 23),
    ...gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', 103_911_424),
    ...gauge(
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      Math.round(facts.startedMs / 10) / 100,
    ),
    ...gauge('process_virtual_memory_bytes', 'Virtual memory size in bytes.', 1_437_138_944),
  ];
}

function family(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function gauge(name: string, help: string, value: number): string[] {
  return [...family(name, help, 'gauge'), `${name} ${goNumber(value)}`];
}
