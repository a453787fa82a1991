'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { addUpload } from '@/lib/client/guidellm-uploads';
import type { GuidellmFiles, GuidellmProblem } from '@/lib/domain/guidellm';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { countOf } from '@/lib/format/words';
import type { ChosenRun } from './ladder-model';

const ARM_OPTIONS = ARMS.map((arm) => ({ value: arm, label: ARM_LOOKS[arm].short }));

/** Reads result files in this browser; nothing is sent anywhere. */
export function readAll(list: FileList | null): void {
  for (const file of list ?? []) void addUpload(file, DEFAULT_SETTINGS);
}

/** Whose run a file is: as it says itself, or as someone says here. */
function RunRow({ chosen, onArm }: { chosen: ChosenRun; onArm: (arm: Arm) => void }): ReactNode {
  const { run, arm } = chosen;
  return (
    <li className="flex flex-wrap items-center gap-x-3">
      <UntrustedText text={run.file} max={60} />
      <span className="text-ink-soft">
        {run.startedAt?.slice(0, 10) ?? 'no date'}, {countOf(run.stages.length, 'stage')}
        {run.version !== null && `, GuideLLM ${run.version}`}
      </span>
      <label className="flex items-center gap-1 text-ink-soft">
        counts for
        <select
          value={arm ?? ''}
          onChange={(event) => {
            const said = ARMS.find((known) => known === event.target.value);
            if (said !== undefined) onArm(said);
          }}
          className="rounded-[0.25rem] border-(length:--hair) border-line bg-surface text-ink"
        >
          {arm === null && <option value="">neither: {run.armBecause}</option>}
          {ARM_OPTIONS.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </label>
    </li>
  );
}

/** Files that were refused, each with the place that is damaged. */
export function RefusedFiles({ problems }: { problems: readonly GuidellmProblem[] }): ReactNode {
  return problems.map((problem) => (
    <p key={`${problem.file} ${problem.at}`} role="alert" className="text-small">
      <span className="font-semibold text-fail">
        Refused: <UntrustedText text={problem.file} max={60} />
      </span>{' '}
      at <UntrustedText text={problem.at} max={80} />: <UntrustedText text={problem.message} max={160} />
    </p>
  ));
}

/** Where results come from, whose they are, and the way to add more. */
export function LadderFiles({
  files,
  runs,
  onArm,
}: {
  files: GuidellmFiles | null;
  runs: readonly ChosenRun[];
  onArm: (file: string, arm: Arm) => void;
}): ReactNode {
  return (
    <div className="flex flex-col gap-2 text-small">
      <label className="flex cursor-pointer flex-wrap items-center gap-x-3">
        <input
          type="file"
          accept=".json,application/json"
          multiple
          className="peer sr-only"
          onChange={(event) => {
            readAll(event.target.files);
            event.target.value = '';
          }}
        />
        <span className="rounded-[0.375rem] border-(length:--hair) border-line px-[0.6em] py-[0.2em] font-semibold peer-focus-visible:outline-2 peer-focus-visible:outline-ink peer-focus-visible:outline-offset-2">
          Add GuideLLM results
        </span>
        <span className="text-ink-soft">
          JSON, chosen or dropped anywhere here; read in this browser only
        </span>
      </label>
      {files !== null && files.path !== null && (
        <p className="text-ink-soft">
          From <UntrustedText text={files.path} max={80} />
        </p>
      )}
      {runs.length > 0 && (
        <ul className="max-h-[8em] overflow-y-auto">
          {runs.map((chosen) => (
            <RunRow key={chosen.run.file} chosen={chosen} onArm={(arm) => onArm(chosen.run.file, arm)} />
          ))}
        </ul>
      )}
    </div>
  );
}
