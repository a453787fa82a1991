/** `.lab/`: what a running lab leaves for others to find it, and nothing else. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ControlAddress } from './control/control-api.ts';
import type { Lab } from './lab.ts';
import { DEMO_NAMESPACE } from './world/world.ts';

export const DEFAULT_FOLDER = resolve(import.meta.dirname, '..', '.lab');

/** The environment that points a dashboard, kubectl or curl at the lab. */
export function environmentOf(lab: Lab, folder: string): Record<string, string> {
  return {
    KUBECONFIG: join(folder, 'kubeconfig'),
    PROMETHEUS_URL: lab.urls.prometheus,
    INGRESS_CONNECT_TO: lab.connectTo,
    MODEL_CA_FILE: join(folder, 'ca.crt'),
  };
}

/** How to meet the tenancy rules of the Thanos querier instead: commented out, for those who want to rehearse them. */
function tenancyLines(lab: Lab, folder: string): string[] {
  return [
    '# Under the rules of Thanos port 9092, as the service account of a deployed dashboard:',
    `# export PROMETHEUS_URL=${quote(lab.urls.prometheusTenancy)}`,
    `# export PROMETHEUS_NAMESPACE=${quote(DEMO_NAMESPACE)}`,
    `# export PROMETHEUS_TOKEN_FILE=${quote(join(folder, READER_TOKEN))}`,
  ].map((line) => `${line}\n`);
}

/** Tokens are inside, so the files are for their owner only. */
const READER_TOKEN = 'reader-token';
const PRIVATE = { mode: 0o600 };

function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

export function writeFolder(lab: Lab, folder: string, control: ControlAddress): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'kubeconfig'), lab.kubeconfig, PRIVATE);
  writeFileSync(join(folder, 'ca.crt'), lab.authorityPem, PRIVATE);
  const lines = Object.entries(environmentOf(lab, folder)).map(
    ([name, value]) => `export ${name}=${quote(value)}\n`,
  );
  writeFileSync(join(folder, 'env'), [...lines, ...tenancyLines(lab, folder)].join(''), PRIVATE);
  writeFileSync(join(folder, READER_TOKEN), lab.tokens.reader, PRIVATE);
  writeFileSync(join(folder, 'control.json'), `${JSON.stringify(control)}\n`, PRIVATE);
}

export function readControl(folder: string): ControlAddress | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'control.json'), 'utf8')) as ControlAddress;
  } catch {
    return null;
  }
}

/** Removes what would mislead once the lab is gone; a newer lab's files stay. */
export function clearFolder(folder: string, control: ControlAddress): void {
  if (readControl(folder)?.token !== control.token) return;
  for (const file of ['env', 'kubeconfig', 'ca.crt', READER_TOKEN, 'control.json'])
    rmSync(join(folder, file), { force: true });
}
