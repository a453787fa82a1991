import { useSyncExternalStore } from 'react';
import type { GuidellmProblem, GuidellmRun } from '@/lib/domain/guidellm';
import { type ArmNames, parseGuidellm } from '@/lib/domain/guidellm-parse';

/** Result files that were dropped on this page. They stay in this tab, and leave it for nowhere. */
export interface GuidellmUploads {
  runs: readonly GuidellmRun[];
  /** Files that were refused, each with the place of the damage. */
  problems: readonly GuidellmProblem[];
}

/** A ladder of a hundred stages is below this; more would only stop the page. */
const MAX_BYTES = 64 * 1024 * 1024;

let uploads: GuidellmUploads = { runs: [], problems: [] };
const listeners = new Set<() => void>();

function change(next: GuidellmUploads): void {
  uploads = next;
  for (const listener of listeners) listener();
}

/** Reads one file; the newest of a name replaces the older one. */
export async function addUpload(file: File, names: ArmNames): Promise<void> {
  const others = {
    runs: uploads.runs.filter((run) => run.file !== file.name),
    problems: uploads.problems.filter((problem) => problem.file !== file.name),
  };
  if (file.size > MAX_BYTES) {
    const message = `it is larger than ${MAX_BYTES / 1024 / 1024} MB`;
    change({ ...others, problems: [...others.problems, { file: file.name, at: 'file', message }] });
    return;
  }
  const parsed = parseGuidellm(await file.text(), file.name, names);
  change(
    parsed.ok
      ? { ...others, runs: [...others.runs, parsed.run] }
      : { ...others, problems: [...others.problems, parsed.problem] },
  );
}

export function useUploads(): GuidellmUploads {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
    () => uploads,
  );
}
