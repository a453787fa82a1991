import { useSyncExternalStore } from 'react';
import type { GuidellmProblem, GuidellmRun } from '@/lib/domain/guidellm';
import { type ArmNames, type GuidellmResult, parseGuidellm } from '@/lib/domain/guidellm-parse';

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

function refused(file: File, message: string): GuidellmResult {
  return { ok: false, problem: { file: file.name, at: 'file', message } };
}

async function read(file: File, names: ArmNames): Promise<GuidellmResult> {
  if (file.size > MAX_BYTES) return refused(file, `it is larger than ${MAX_BYTES / 1024 / 1024} MB`);
  try {
    return parseGuidellm(await file.text(), file.name, names);
  } catch {
    return refused(file, 'it cannot be read');
  }
}

/** Reads one file; the newest of a name replaces the older one. Several may be read at once. */
export async function addUpload(file: File, names: ArmNames): Promise<void> {
  const result = await read(file, names);
  // Only now: another file may have come in while this one was read.
  const runs = uploads.runs.filter((run) => run.file !== file.name);
  const problems = uploads.problems.filter((problem) => problem.file !== file.name);
  change(
    result.ok ? { runs: [...runs, result.run], problems } : { runs, problems: [...problems, result.problem] },
  );
}

export function getUploads(): GuidellmUploads {
  return uploads;
}

export function useUploads(): GuidellmUploads {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getUploads,
    getUploads,
  );
}
