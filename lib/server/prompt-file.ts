import 'server-only';
import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Prompts, promptFileSchema } from '@/lib/contracts/prompts';
import type { Prompt } from '@/lib/domain/prompts';
import { SHIPPED_PROMPTS } from '@/lib/domain/shipped-prompts';

/** Room for nine long documents. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** The presenter's prompts: those of PROMPTS_FILE (YAML or JSON) where there are any, else the shipped ones. */
export interface PromptSource {
  /** Reads the file again whenever it has changed: a mistake is healed by saving it. */
  read(): Promise<Prompts>;
}

export function createPromptSource(path: string | null): PromptSource {
  const shipped = (problem: string | null): Prompts => ({
    prompts: [...SHIPPED_PROMPTS],
    source: 'shipped',
    problem,
  });
  if (path === null) return { read: () => Promise.resolve(shipped(null)) };
  let known: { version: string; prompts: Prompts } | null = null;

  return {
    async read() {
      try {
        const { ino, size, mtimeMs } = await stat(path);
        const version = `${ino}:${size}:${mtimeMs}`;
        if (known?.version === version) return known.prompts;
        const read =
          size > MAX_FILE_BYTES ? 'is larger than 2 MiB' : parsePrompts(await readFile(path, 'utf8'));
        known = { version, prompts: typeof read === 'string' ? shipped(withDefault(read)) : fromFile(read) };
        return known.prompts;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : null;
        return shipped(withDefault(code === 'ENOENT' ? 'is not there' : 'cannot be read'));
      }
    },
  };
}

function fromFile(prompts: Prompt[]): Prompts {
  return { prompts, source: 'file', problem: null };
}

/** The name of the variable says which file; its path is nobody's business on a projector. */
function withDefault(what: string): string {
  return `The file of PROMPTS_FILE ${what}; the shipped prompts are shown.`;
}

/** The prompts, or in words what is wrong with the text. JSON is YAML, too. */
export function parsePrompts(text: string): Prompt[] | string {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return `is not YAML (${error.code} at line ${error.linePos?.[0].line ?? 1})`;
  const result = promptFileSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  return result.success ? result.data : `is not a list of prompts: ${firstProblem(result.error)}`;
}

/** The first mistake, with the prompt counted from 1 as the keys are. */
function firstProblem({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'something is wrong with it';
  const [index, ...field] = issue.path;
  const where =
    typeof index === 'number' ? `prompt ${index + 1}${field.length > 0 ? `, ${field.join('.')}` : ''}: ` : '';
  return `${where}${issue.message}`;
}
