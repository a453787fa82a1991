import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRunningLab } from '../lab/control/running-lab.ts';

/** Reads `.lab/env` (lines `export NAME='value'`), which a running lab writes for the dashboard. */
export function readLabEnvironment(file: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const match = /^(?:export )?([A-Z_][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (match?.[1] === undefined || match[2] === undefined) continue;
    variables[match[1]] = match[2].replace(/^'(.*)'$/, '$1').replace(/^"(.*)"$/, '$1');
  }
  return variables;
}

/** Holds the address of the dashboard that was started together with the lab of a folder. */
export function dashboardFileOf(labFolder: string): string {
  return join(labFolder, 'dashboard');
}

/** Why no lab may be started in this folder, with the address of what runs there; `null` when one may. */
export async function whyNoSecondLab(labFolder: string): Promise<string | null> {
  if ((await findRunningLab(labFolder)) === null) return null;
  const file = dashboardFileOf(labFolder);
  const runs = existsSync(file)
    ? `This demo runs already: ${readFileSync(file, 'utf8')}`
    : `A lab runs from ${labFolder} already`;
  return `${runs}. Nothing was started. Another one beside it: npm run demo -- --port 0 --lab-folder PATH`;
}
