import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** Variables of the dashboard that name files. */
const NAMES_FILES = /^(KUBECONFIG|DEMO_CONFIG|GUIDELLM_PATH|[A-Z_]+_FILE)$/;

/**
 * The dashboard runs in a folder of its own; a relative path is meant from where the command was given. What is not there
 * stays as it was given: the start message is about that.
 */
export function withAbsolutePaths(
  environment: Readonly<Record<string, string | undefined>>,
  from: string,
): Record<string, string | undefined> {
  const toAbsolute = (path: string): string => {
    const absolute = resolve(from, path.trim());
    return path.trim() !== '' && existsSync(absolute) ? absolute : path;
  };
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (value === undefined || !NAMES_FILES.test(name)) return [name, value];
      const paths = name === 'KUBECONFIG' ? value.split(delimiter) : [value];
      return [name, paths.map(toAbsolute).join(delimiter)];
    }),
  );
}
