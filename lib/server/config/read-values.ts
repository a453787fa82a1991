import 'server-only';
import { parseDocument } from 'yaml';
import { VARIABLES, type Values, type VariableName } from './variables';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Reads a text file; throws when it cannot. */
export type ReadFile = (path: string) => string;

/** One message for everything that is wrong, fit to be printed before the process ends. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? '1 setting is' : `${problems.length} settings are`;
    super(`${count} wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

interface Given {
  text: string;
  origin: string;
}

const NAMES = Object.keys(VARIABLES) as VariableName[];
/** Programs disagree on the case of these two; the upper case wins. */
const LOWER_CASE_ALIASES = { HTTPS_PROXY: 'https_proxy', NO_PROXY: 'no_proxy' } as const;
const LONGEST_SHOWN = 120;
const SECRET_FILES: ReadonlySet<VariableName> = new Set(
  NAMES.filter((name) => /_(KEY|TOKEN)_FILE$/.test(name)),
);

/** All values, parsed. The environment wins over the file named by `DEMO_CONFIG`. */
export function readValues(environment: Environment, readFile: ReadFile): Values {
  const problems: string[] = [];
  const given = new Map<string, Given>([
    ...readConfigFile(environment, readFile, problems),
    ...readEnvironment(environment),
  ]);
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    problems.push(
      'NODE_TLS_REJECT_UNAUTHORIZED: read "0" from the environment; allowed: not set (certificates are always checked; name a CA file instead)',
    );
  }
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const name of NAMES) {
    const value = given.get(name);
    const result = VARIABLES[name].schema.safeParse(value?.text);
    if (!result.success) {
      problems.push(`${name}: read ${show(name, value)}; allowed: ${VARIABLES[name].allowed}`);
      continue;
    }
    values[name] = result.data;
    if ('isFile' in VARIABLES[name] && value !== undefined) {
      const reason = whyUnreadable(value.text, readFile);
      if (reason !== null) {
        problems.push(`${name}: read ${show(name, value)} (${reason}); allowed: ${VARIABLES[name].allowed}`);
      }
    }
  }
  problems.push(...findDoubleSecrets(given));
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Values; // every name was parsed by its own schema above
}

function readEnvironment(environment: Environment): [VariableName, Given][] {
  return NAMES.flatMap((name) => {
    const alias = name in LOWER_CASE_ALIASES ? environment[name.toLowerCase()] : undefined;
    const text = (environment[name] || alias || '').trim();
    return text === '' ? [] : [[name, { text, origin: 'the environment' }] satisfies [VariableName, Given]];
  });
}

function readConfigFile(
  environment: Environment,
  readFile: ReadFile,
  problems: string[],
): [VariableName, Given][] {
  const path = environment.DEMO_CONFIG?.trim() ?? '';
  if (path === '') return [];
  const content = parseMapping(path, readFile);
  if (typeof content === 'string') {
    problems.push(`DEMO_CONFIG: read "${path}" (${content}); allowed: the path of a YAML file of variables`);
    return [];
  }
  return Object.entries(content).flatMap(([key, value]) => {
    if (!isVariableName(key)) {
      problems.push(`${key}: read from ${path}; allowed: only the names of variables`);
      return [];
    }
    const text = toText(value);
    if (text === null) {
      problems.push(`${key}: read a structure from ${path}; allowed: ${VARIABLES[key].allowed}`);
      return [];
    }
    return text === '' ? [] : [[key, { text, origin: path }] satisfies [VariableName, Given]];
  });
}

/** The file's mapping, or in words why there is none. */
function parseMapping(path: string, readFile: ReadFile): Record<string, unknown> | string {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return describeFileError(error);
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return `not YAML: ${error.code} at line ${error.linePos?.[0].line ?? 1}`;
  const content: unknown = document.toJS() ?? {};
  const isMapping = typeof content === 'object' && content !== null && !Array.isArray(content);
  return isMapping ? (content as Record<string, unknown>) : 'not a mapping of names to values';
}

function isVariableName(key: string): key is VariableName {
  return Object.hasOwn(VARIABLES, key);
}

/** A scalar as the environment would spell it, a list of scalars with commas; `null` for anything deeper. */
function toText(value: unknown): string | null {
  if (value === null) return '';
  if (Array.isArray(value)) {
    const parts = value.map(toText);
    return parts.includes(null) ? null : parts.join(',');
  }
  return typeof value === 'object' ? null : String(value).trim();
}

function show(name: VariableName, given: Given | undefined): string {
  if (given === undefined) return 'nothing';
  if (isSecret(name, given.text)) return `a value that is not shown from ${given.origin}`;
  // A whole URL in the wrong place: what stands before the last "@" may be a password, whatever it contains.
  const text = given.text.replace(/^.*@/s, '…@');
  const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return `${JSON.stringify(shown)} from ${given.origin}`;
}

/** Where a file with a secret is asked for, the secret itself is easily given instead; what begins like a path is one. */
function isSecret(name: VariableName, text: string): boolean {
  return 'isSecret' in VARIABLES[name] || (SECRET_FILES.has(name) && !/^(\/|\.{1,2}\/|~\/)/.test(text));
}

function whyUnreadable(path: string, readFile: ReadFile): string | null {
  try {
    readFile(path);
    return null;
  } catch (error) {
    return describeFileError(error);
  }
}

function describeFileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
      return 'no right to read it';
    case 'EISDIR':
      return 'it is a directory';
    default:
      return 'it cannot be read';
  }
}

function findDoubleSecrets(given: ReadonlyMap<string, Given>): string[] {
  return NAMES.filter(
    (name) => 'isSecret' in VARIABLES[name] && given.has(name) && given.has(`${name}_FILE`),
  ).map((name) => `${name}: read together with ${name}_FILE; allowed: one of the two`);
}
