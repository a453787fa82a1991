import 'server-only';

/** Text for a PromQL string literal in double quotes. */
export function escapeLabelValue(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

/** A name as part of a pattern (RE2 and JavaScript alike), standing for itself. */
export function escapePattern(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, (character) => `\\${character}`);
}

/** The pattern as Prometheus applies it: to the whole value. */
export function anchored(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
