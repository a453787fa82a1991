/** For a benchmark: a lab with so many more nodes and running pods, in a process of its own. Ends with its standard input. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLab } from '../lab/lab.ts';

const [folder = '', nodes = '0', pods = '0'] = process.argv.slice(2);
const nodeCount = Number(nodes);
const podCount = Number(pods);

const startedMs = performance.now();
const lab = await startLab();
const { cluster } = lab.world;
const nodeName = (number: number): string =>
  `ip-10-9-${Math.floor(number / 250)}-${number % 250}.example.com`;
for (let number = 0; number < nodeCount; number++) {
  cluster.create(
    'nodes',
    { name: nodeName(number), labels: { 'kubernetes.io/hostname': nodeName(number) } },
    {
      spec: {},
      status: {
        allocatable: { cpu: '16', memory: '64Gi', pods: '250' },
        capacity: { cpu: '16', memory: '64Gi', pods: '250' },
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }],
      },
    },
  );
}
for (let number = 0; number < podCount; number++) {
  const since = cluster.now();
  cluster.create(
    'pods',
    { name: `worker-${number}`, namespace: 'default', labels: { app: 'worker' } },
    {
      spec: {
        nodeName: nodeName(number % Math.max(1, nodeCount)),
        containers: [{ name: 'main', image: 'registry.example.com/worker:1' }],
      },
      status: {
        phase: 'Running',
        startTime: since,
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: since }],
        containerStatuses: [
          { name: 'main', ready: true, restartCount: 0, state: { running: { startedAt: since } } },
        ],
      },
    },
  );
}
mkdirSync(folder, { recursive: true });
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, lab.kubeconfig, { mode: 0o600 });
console.log(JSON.stringify({ kubeconfig, loadedMs: performance.now() - startedMs }));
process.stdin.resume();
process.stdin.on('end', () => void lab.stop().then(() => process.exit(0)));
