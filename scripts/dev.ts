/** `npm run dev`: the development server against a lab of its own. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startChild } from './child.ts';
import { startDashboard } from './dashboard.ts';
import { readLabEnvironment, whyNoSecondLab } from './lab-environment.ts';
import { BINARIES, ROOT } from './paths.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'healthy' },
    users: { type: 'string', default: 'baseline=2,distributed=2' },
    'lab-folder': { type: 'string', default: join(ROOT, '.lab') },
  },
});
const labFolder = resolve(process.env.INIT_CWD ?? '', values['lab-folder']);
const problem = await whyNoSecondLab(labFolder);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}
const print = (line: string): void => console.log(line);
const lab = startChild(
  join(BINARIES, 'node'),
  [
    join(ROOT, 'lab', 'cli.ts'),
    '--end-with-parent',
    '--folder',
    labFolder,
    '--scenario',
    values.scenario,
    '--users',
    values.users,
  ],
  { cwd: ROOT, onLine: (line) => console.log(`[lab] ${line}`) },
);
await lab.line(/^ready$/);
const dashboard = startDashboard({
  kind: 'development',
  env: { LOAD_MAX_USERS: '16', ...process.env, ...readLabEnvironment(join(labFolder, 'env')) },
  onLine: print,
});
async function stop(): Promise<never> {
  await dashboard.stop(7_000);
  await lab.stop(2_500);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
process.on('disconnect', () => void stop());
await Promise.race([dashboard.exited, lab.exited]);
await stop();
