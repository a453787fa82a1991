/** `npm start`: the built dashboard against the configured cluster (KUBECONFIG or in-cluster). */
import { build } from './build.ts';
import { startDashboard } from './dashboard.ts';

const building = new AbortController();
const endBuild = (): void => building.abort();
const ENDINGS = ['SIGINT', 'SIGTERM', 'disconnect'] as const;
for (const ending of ENDINGS) process.on(ending, endBuild);
const buildCode = await build(building.signal);
if (buildCode !== 0 || building.signal.aborted) process.exit(buildCode);

const dashboard = startDashboard({
  kind: 'built',
  env: process.env,
  onLine: (line, stream) => (stream === 'stdout' ? console.log(line) : console.error(line)),
});
for (const ending of ENDINGS) process.on(ending, () => void dashboard.stop());
process.exit(await dashboard.exited);
