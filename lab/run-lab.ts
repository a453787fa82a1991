/** A lab with everything around it: control door, folder, orderly end. The command line and `npm run demo` start it here. */
import { type Control, startControl } from './control/control-api.ts';
import { findRunningLab, LabRunsAlready } from './control/running-lab.ts';
import { type Lab, type LabOptions, startLab } from './lab.ts';
import { clearFolder, environmentOf, writeFolder } from './lab-folder.ts';

export interface RunningLab {
  readonly lab: Lab;
  readonly control: Control;
  /** What points a dashboard, kubectl or curl at the lab; also in the folder's `env`. */
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
}

export interface RunOptions {
  lab: LabOptions;
  folder: string;
  /** Called when somebody asks the lab to end through its control door. */
  onStopAsked(): void;
}

/** Rejects with LabRunsAlready, and touches nothing, when a lab runs from the folder. */
export async function runLab({ lab: options, folder, onStopAsked }: RunOptions): Promise<RunningLab> {
  if ((await findRunningLab(folder)) !== null) throw new LabRunsAlready(folder);
  const lab = await startLab(options);
  const control = await startControl({ lab, onStop: onStopAsked });
  writeFolder(lab, folder, control.address);
  lab.onCredentialsChanged(() => writeFolder(lab, folder, control.address));
  return {
    lab,
    control,
    environment: environmentOf(lab, folder),
    stop: async () => {
      clearFolder(folder, control.address);
      await Promise.all([lab.stop(), control.stop()]);
    },
  };
}
