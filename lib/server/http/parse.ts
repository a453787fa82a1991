import 'server-only';
import type { z } from 'zod';
import { HttpProblem } from './problem';

/** Parses input from a client; the first thing wrong becomes the contract's 400 with the field's name. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field =
    issue === undefined
      ? undefined
      : issue.code === 'unrecognized_keys'
        ? issue.keys[0]
        : issue.path.map(String).join('.') || undefined;
  throw new HttpProblem(
    400,
    'bad-input',
    issue === undefined ? 'The input is not valid.' : `${field ?? 'input'}: ${issue.message}`,
    field,
  );
}

/** The query string as an object; a parameter given twice is refused. */
export function queryObject(url: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URL(url).searchParams) {
    if (name in query) throw new HttpProblem(400, 'bad-input', `${name} is given twice`, name);
    query[name] = value;
  }
  return query;
}
