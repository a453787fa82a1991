import 'server-only';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { GuidellmFiles } from '@/lib/domain/guidellm';
import { type ArmNames, type GuidellmResult, parseGuidellm } from '@/lib/domain/guidellm-parse';
import type { UnixMs } from '@/lib/domain/vocabulary';

/** Files that keep every request are large; beyond this a file is refused rather than held. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** The newest; older runs are no news. */
const MAX_FILES = 20;

export interface ResultFiles {
  read(): Promise<GuidellmFiles>;
}

interface Candidate {
  path: string;
  name: string;
  version: string;
  size: number;
  mtimeMs: number;
}

/** The GuideLLM results below GUIDELLM_PATH: a file, or a folder with `.json` files in it or below. Parsed once per change. */
export function createResultFiles(path: string | null, names: ArmNames, now: () => UnixMs): ResultFiles {
  let known = new Map<string, GuidellmResult>();

  async function parse(candidate: Candidate): Promise<GuidellmResult> {
    const before = known.get(candidate.version);
    if (before !== undefined) return before;
    if (candidate.size > MAX_FILE_BYTES) return refused(candidate.name, 'the file is larger than 64 MiB');
    try {
      return parseGuidellm(await readFile(candidate.path, 'utf8'), candidate.name, names);
    } catch {
      return refused(candidate.name, 'the file cannot be read');
    }
  }

  return {
    async read() {
      const readAt = new Date(now()).toISOString();
      if (path === null) return { path: null, readAt, runs: [], problems: [] };
      const candidates = await findCandidates(path);
      if (candidates === null) {
        const problem = {
          file: basename(path),
          at: 'GUIDELLM_PATH',
          message: 'there is no such file or folder',
        };
        return { path: basename(path), readAt, runs: [], problems: [problem] };
      }
      const read: [string, GuidellmResult][] = [];
      // One after the other: large files are not held together.
      for (const candidate of candidates) read.push([candidate.version, await parse(candidate)]);
      known = new Map(read);
      const results = read.map(([, result]) => result);
      return {
        path: basename(path),
        readAt,
        runs: results.flatMap((result) => (result.ok ? [result.run] : [])),
        problems: results.flatMap((result) => (result.ok ? [] : [result.problem])),
      };
    },
  };
}

function refused(file: string, message: string): GuidellmResult {
  return { ok: false, problem: { file, at: '$', message } };
}

/** Newest first; `null` where nothing is at the path. */
async function findCandidates(path: string): Promise<Candidate[] | null> {
  try {
    const about = await stat(path);
    if (!about.isDirectory()) return [toCandidate(path, basename(path), about)];
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
    const found = await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const whole = join(parentPath, name);
        return toCandidate(whole, relative(path, whole), await stat(whole));
      }),
    );
    return found
      .sort((one, other) => other.mtimeMs - one.mtimeMs || one.name.localeCompare(other.name))
      .slice(0, MAX_FILES);
  } catch {
    return null;
  }
}

function toCandidate(
  path: string,
  name: string,
  { ino, size, mtimeMs }: { ino: number; size: number; mtimeMs: number },
): Candidate {
  return { path, name, version: `${path}:${ino}:${size}:${mtimeMs}`, size, mtimeMs };
}
