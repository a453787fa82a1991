/** `npm test`: everything that must hold, in the order in which it fails fastest. */
import { join } from 'node:path';
import { build } from './build.ts';
import { runVisibly } from './child.ts';
import { findChromium } from './find-chromium.ts';
import { findPrometheus, WITHOUT_PROMETHEUS } from './find-prometheus.ts';
import { BINARIES, ROOT } from './paths.ts';

interface Step {
  name: string;
  run(): Promise<number>;
}

const program = (name: string, ...args: string[]): (() => Promise<number>) => {
  return () => runVisibly(join(BINARIES, name), args, { cwd: ROOT });
};

/** What this run could not do; said again at its end. */
const omissions: string[] = [];

const STEPS: readonly Step[] = [
  { name: 'format', run: program('biome', 'format', '.') },
  { name: 'lint', run: program('biome', 'lint', '--error-on-warnings', '.') },
  { name: 'build', run: build },
  { name: 'types', run: program('tsc', '--noEmit') },
  {
    name: 'unit tests',
    run: async () => {
      const prometheus = findPrometheus();
      if (prometheus === null) {
        console.log(WITHOUT_PROMETHEUS);
        omissions.push(WITHOUT_PROMETHEUS);
      }
      const named = prometheus === null ? {} : { LAB_PROMETHEUS: prometheus };
      return runVisibly(join(BINARIES, 'vitest'), ['run'], { cwd: ROOT, env: { ...process.env, ...named } });
    },
  },
  {
    name: 'end-to-end tests',
    run: async () => {
      const chromiumPath = findChromium();
      return runVisibly(join(BINARIES, 'playwright'), ['test'], {
        cwd: ROOT,
        env: { ...process.env, CHROMIUM_PATH: chromiumPath },
      });
    },
  },
];

const startedAt = Date.now();
for (const step of STEPS) {
  console.log(`\n── ${step.name}`);
  const stepStartedAt = Date.now();
  const code = await step.run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  });
  if (code !== 0) {
    console.error(`\n${step.name} failed (exit code ${code}).`);
    process.exit(1);
  }
  console.log(`── ${step.name}: ${((Date.now() - stepStartedAt) / 1_000).toFixed(0)} s`);
}
for (const omission of omissions) console.log(`\n${omission}`);
console.log(`\nAll of it passed in ${((Date.now() - startedAt) / 1_000).toFixed(0)} s.`);
