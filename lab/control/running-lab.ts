/** Whether a lab runs from a folder: what a dead one left behind does not count. */
import { readControl } from '../lab-folder.ts';
import type { ControlAddress } from './control-api.ts';
import { NoAnswerInTime, sendCommand } from './control-client.ts';

/** A lab under load answers within this; one that does not is there all the same. */
const ANSWER_MS = 3_000;

export async function findRunningLab(folder: string): Promise<ControlAddress | null> {
  const control = readControl(folder);
  if (control === null) return null;
  try {
    await sendCommand(control, 'status', {}, ANSWER_MS);
    return control;
  } catch (error) {
    // Nobody listens there, or somebody else who does not know the token.
    return error instanceof NoAnswerInTime ? control : null;
  }
}

/** A second lab would take the folder from under everybody who found the first one through it. */
export class LabRunsAlready extends Error {
  constructor(folder: string) {
    super(
      `A lab runs from ${folder} already; nothing was started. Use it (npm run lab -- status), end it (npm run lab -- stop), or give this one a folder of its own (--folder PATH).`,
    );
    this.name = 'LabRunsAlready';
  }
}
