/** `npm start`: the built dashboard against the configured cluster (KUBECONFIG or in-cluster). */
import { build } from './build.ts';
import { startDashboard } from './dashboard.ts';

const buildCode = await build();
if (buildCode !== 0) process.exit(buildCode);

const dashboard = startDashboard({
  kind: 'built',
  env: process.env,
  onLine: (line, stream) => (stream === 'stdout' ? console.log(line) : console.error(line)),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void dashboard.stop());
process.on('disconnect', () => void dashboard.stop());
process.exit(await dashboard.exited);
