/** `.lab/`: what a running lab leaves for others to find it, and nothing else. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ControlAddress } from './control/control-api.ts';
import type { Lab } from './lab.ts';

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

/** Tokens are inside, so the files are for their owner only. */
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
  writeFileSync(join(folder, 'env'), lines.join(''), PRIVATE);
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
  for (const file of ['env', 'kubeconfig', 'ca.crt', 'control.json'])
    rmSync(join(folder, file), { force: true });
}
