/** `npm run bench`: the benchmarks in `bench/`, as a table and as JSON in `bench/results/`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMissed, type Measurement, readMeasurements } from '../bench/measurements.ts';
import { build } from './build.ts';
import { runVisibly } from './child.ts';
import { findChromium } from './find-chromium.ts';
import { BINARIES, ROOT } from './paths.ts';

const USAGE = `npm run bench -- [options]
  --check        fail where a stated goal is missed
  --only NAME    one benchmark: the name of its file in bench/, without .bench.ts`;

function readOptions(): { check: boolean; only: string | undefined } {
  try {
    const { values } = parseArgs({
      options: { check: { type: 'boolean', default: false }, only: { type: 'string' } },
    });
    return { check: values.check, only: values.only };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const shown = (value: number): string => String(Number(value.toPrecision(4)));

function rows(measurements: readonly Measurement[]): Record<string, string | number>[] {
  return measurements.map((measurement) => ({
    benchmark: measurement.bench,
    measured: measurement.name,
    value: `${shown(measurement.value)} ${measurement.unit}`,
    goal: measurement.atMost === null ? '–' : `≤ ${shown(measurement.atMost)} ${measurement.unit}`,
    samples: measurement.samples,
    kept: measurement.atMost === null ? '–' : isMissed(measurement) ? 'MISSED' : 'kept',
  }));
}

const { check, only } = readOptions();
const buildCode = await build();
if (buildCode !== 0) process.exit(buildCode);

const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-bench-'));
const file = join(folder, 'measurements');
writeFileSync(file, '');
const startedAt = new Date();
const code = await runVisibly(
  join(BINARIES, 'playwright'),
  ['test', '--config', 'bench/playwright.config.ts', ...(only === undefined ? [] : [`/${only}.bench`])],
  { cwd: ROOT, env: { ...process.env, CHROMIUM_PATH: findChromium(), BENCH_MEASUREMENTS: file } },
);
const measurements = readMeasurements(file);
rmSync(folder, { recursive: true });

const results = join(ROOT, 'bench', 'results');
mkdirSync(results, { recursive: true });
const resultFile = join(results, `${startedAt.toISOString().replaceAll(':', '-')}.json`);
const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? null };
writeFileSync(
  resultFile,
  `${JSON.stringify({ startedAt: startedAt.toISOString(), machine, measurements }, null, 2)}\n`,
);

console.table(rows(measurements));
console.log(`Written to ${resultFile.slice(ROOT.length + 1)}`);
const missed = measurements.filter(isMissed);
if (missed.length > 0) console.log(`${missed.length} of the stated goals missed.`);
process.exit(code !== 0 || (check && missed.length > 0) ? 1 : 0);
