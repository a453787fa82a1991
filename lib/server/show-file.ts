import 'server-only';
import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { z } from 'zod';

const MAX_FILE_BYTES = 256 * 1024;

/** What a file of the show says, or in words what is wrong with it. */
export type ShowFile<T> = { value: T; problem: null } | { value: null; problem: string };

/** A small YAML (or JSON) file of the show; read again whenever it has changed, so that a mistake is healed by saving it. */
export function createShowFile<T>(
  variable: string,
  path: string,
  schema: z.ZodType<T>,
): { read(): Promise<ShowFile<T>> } {
  let known: { version: string; file: ShowFile<T> } | null = null;
  /** The variable's name says which file; its path is nobody's business on a projector. */
  const wrong = (what: string): ShowFile<T> => ({ value: null, problem: `The file of ${variable} ${what}.` });

  return {
    async read() {
      try {
        const { ino, size, mtimeMs } = await stat(path);
        const version = `${ino}:${size}:${mtimeMs}`;
        if (known?.version === version) return known.file;
        const parsed =
          size > MAX_FILE_BYTES ? 'is larger than 256 KiB' : parse(await readFile(path, 'utf8'), schema);
        const file = typeof parsed === 'string' ? wrong(parsed) : { value: parsed.value, problem: null };
        known = { version, file };
        return file;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : null;
        return wrong(code === 'ENOENT' ? 'is not there' : 'cannot be read');
      }
    },
  };
}

function parse<T>(text: string, schema: z.ZodType<T>): { value: T } | string {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return `is not YAML (${error.code} at line ${error.linePos?.[0].line ?? 1})`;
  const result = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (result.success) return { value: result.data };
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  return `is wrong at ${where}${issue?.message ?? 'some place'}`;
}
