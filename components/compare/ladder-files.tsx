'use client';

import { type DragEvent, type ReactNode, useState } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { addUpload } from '@/lib/client/guidellm-uploads';
import type { GuidellmFiles, GuidellmProblem } from '@/lib/domain/guidellm';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import type { ChosenRun } from './ladder-model';

const ARM_OPTIONS = ARMS.map((arm) => ({ value: arm, label: ARM_LOOKS[arm].short }));

function readAll(list: FileList | null): void {
  for (const file of list ?? []) void addUpload(file, DEFAULT_SETTINGS);
}

/** Whose run a file is: as it says itself, or as someone says here. */
function RunRow({ chosen, onArm }: { chosen: ChosenRun; onArm: (arm: Arm) => void }): ReactNode {
  const { run, arm } = chosen;
  return (
    <li className="flex flex-wrap items-center gap-x-3">
      <UntrustedText text={run.file} max={60} />
      <span className="text-ink-soft">
        {run.startedAt?.slice(0, 10) ?? 'no date'}, {run.stages.length} stages
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

/** Where results come from, which were refused and why, and the place to drop more. */
export function LadderFiles({
  files,
  runs,
  problems,
  onArm,
}: {
  files: GuidellmFiles | null;
  runs: readonly ChosenRun[];
  problems: readonly GuidellmProblem[];
  onArm: (file: string, arm: Arm) => void;
}): ReactNode {
  const [isOver, setIsOver] = useState(false);
  const onDrag = (event: DragEvent<HTMLElement>, over: boolean): void => {
    event.preventDefault();
    setIsOver(over);
  };
  return (
    <section
      aria-label="Result files"
      onDragOver={(event) => onDrag(event, true)}
      onDragLeave={(event) => onDrag(event, false)}
      onDrop={(event) => {
        onDrag(event, false);
        readAll(event.dataTransfer.files);
      }}
      className={cn(
        'rounded-[0.5rem] border-(length:--hair) border-line border-dashed px-4 py-2 text-small stage:px-2 stage:py-1',
        isOver && 'border-ink bg-sunken',
      )}
    >
      <label className="flex flex-wrap items-center gap-x-3">
        <span className="font-semibold">Add GuideLLM results</span>
        <span className="text-ink-soft">(JSON; drop here or choose; read in this browser only)</span>
        <input
          type="file"
          accept=".json,application/json"
          multiple
          onChange={(event) => {
            readAll(event.target.files);
            event.target.value = '';
          }}
        />
      </label>
      {files !== null && files.path !== null && (
        <p className="text-ink-soft">
          From <UntrustedText text={files.path} max={80} />
        </p>
      )}
      {runs.length > 0 && (
        <ul className="max-h-[6em] overflow-y-auto">
          {runs.map((chosen) => (
            <RunRow key={chosen.run.file} chosen={chosen} onArm={(arm) => onArm(chosen.run.file, arm)} />
          ))}
        </ul>
      )}
      {problems.map((problem) => (
        <p key={`${problem.file} ${problem.at}`} role="alert">
          <span className="font-semibold text-fail">
            Refused: <UntrustedText text={problem.file} max={60} />
          </span>{' '}
          at <UntrustedText text={problem.at} max={80} />: <UntrustedText text={problem.message} max={160} />
        </p>
      ))}
    </section>
  );
}
