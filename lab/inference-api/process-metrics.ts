import type { PythonPage } from './page-writer.ts';

/** What the interpreter and the process report; figures follow from work done and time alive. */
export interface ProcessFacts {
  startedMs: number;
  /** Engine steps so far: they drive garbage collection and processor time. */
  steps: number;
  /** Requests that hold a connection. */
  openConnections: number;
}

const CPU_SECONDS_OF_LOADING = 96.4;
const CPU_SECONDS_PER_STEP = 0.0118;
const OPEN_FILES_AT_REST = 64;

export function writeProcessMetrics(page: PythonPage, facts: ProcessFacts): void {
  const collected = (perStep: number, atStart: number): number => atStart + Math.floor(facts.steps * perStep);
  const generations: [string, number, number][] = [
    ['0', collected(0.18, 14_020), collected(0.026, 852)],
    ['1', collected(0.021, 3_000), collected(0.0024, 76)],
    ['2', collected(0.001, 360), collected(0.0001, 10)],
  ];
  const gcFamilies: [string, string, (entry: [string, number, number]) => number][] = [
    ['python_gc_objects_collected_total', 'Objects collected during gc', ([, objects]) => objects],
    ['python_gc_objects_uncollectable_total', 'Uncollectable objects found during GC', () => 0],
    [
      'python_gc_collections_total',
      'Number of times this generation was collected',
      ([, , collections]) => collections,
    ],
  ];
  for (const [name, help, figureOf] of gcFamilies) {
    page.family(name, help, 'counter');
    for (const entry of generations) page.sample(name, { generation: entry[0] }, figureOf(entry));
  }
  page.family('python_info', 'Python platform information', 'gauge');
  const python = { implementation: 'CPython', major: '3', minor: '12', patchlevel: '11', version: '3.12.11' };
  page.sample('python_info', python, 1);

  const cpuSeconds = CPU_SECONDS_OF_LOADING + facts.steps * CPU_SECONDS_PER_STEP;
  const processFamilies: [string, string, 'gauge' | 'counter', number][] = [
    ['process_virtual_memory_bytes', 'Virtual memory size in bytes.', 'gauge', 28_713_484_288],
    ['process_resident_memory_bytes', 'Resident memory size in bytes.', 'gauge', 3_642_220_544],
    [
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      'gauge',
      Math.round(facts.startedMs / 10) / 100,
    ],
    [
      'process_cpu_seconds_total',
      'Total user and system CPU time spent in seconds.',
      'counter',
      Math.round(cpuSeconds * 100) / 100,
    ],
    [
      'process_open_fds',
      'Number of open file descriptors.',
      'gauge',
      OPEN_FILES_AT_REST + facts.openConnections,
    ],
    ['process_max_fds', 'Maximum number of open file descriptors.', 'gauge', 1_048_576],
  ];
  for (const [name, help, type, value] of processFamilies) {
    page.family(name, help, type);
    page.sample(name, {}, value);
  }
}
