/** `npm run test:conformance`: the API contract suite of `lab/conformance/` against a real API server. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missingProgram, startControlPlane } from '../lab/conformance/control-plane.ts';
import { runVisibly } from './child.ts';
import { BINARIES, ROOT } from './paths.ts';

const USAGE = `npm run test:conformance -- [options]
  KUBEBUILDER_ASSETS=FOLDER   starts the etcd and kube-apiserver of that folder and runs the suite against them
  --kubeconfig PATH           runs it against the current context of a kubeconfig instead; its user
                              must be an administrator; the suite makes a namespace conformance-… and the definition
                              widgets.conformance.example.com, and deletes both`;

function fail(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function readOptions(): { kubeconfig: string | undefined } {
  try {
    const { values } = parseArgs({ options: { kubeconfig: { type: 'string' } } });
    return { kubeconfig: values.kubeconfig };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function runSuite(variables: Record<string, string>): Promise<number> {
  return runVisibly(join(BINARIES, 'vitest'), ['run', 'lab/conformance/contract.test.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...variables },
  });
}

const { kubeconfig } = readOptions();
if (kubeconfig !== undefined) {
  const path = resolve(kubeconfig);
  if (!existsSync(path)) fail(`There is no kubeconfig at ${path}.`);
  process.exit(await runSuite({ CONFORMANCE_KUBECONFIG: path }));
}

const folder = process.env.KUBEBUILDER_ASSETS;
if (folder === undefined || folder === '') {
  fail(
    'Nothing to test: KUBEBUILDER_ASSETS names no folder with etcd and kube-apiserver, and no --kubeconfig is given.',
  );
}
const missing = missingProgram(folder);
if (missing !== null) fail(`KUBEBUILDER_ASSETS (${folder}) holds no ${missing}.`);

const controlPlane = await startControlPlane(folder).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void controlPlane.stop().then(() => process.exit(130)));
}
const code = await runSuite({
  CONFORMANCE_KUBECONFIG: controlPlane.kubeconfigPath,
  CONFORMANCE_ETCD: controlPlane.etcdUrl,
});
await controlPlane.stop();
process.exit(code);
