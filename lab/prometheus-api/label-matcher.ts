import { anchoredRegex } from './regex.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface LabelMatcher {
  name: string;
  operator: MatchOperator;
  value: string;
  /** Absent labels count as empty. */
  matches(value: string): boolean;
}

/** Throws a SyntaxError when a regular expression cannot be read. */
export function labelMatcher(name: string, operator: MatchOperator, value: string): LabelMatcher {
  return { name, operator, value, matches: predicate(operator, value) };
}

function predicate(operator: MatchOperator, value: string): (candidate: string) => boolean {
  switch (operator) {
    case '=':
      return (candidate) => candidate === value;
    case '!=':
      return (candidate) => candidate !== value;
    case '=~': {
      const regex = anchoredRegex(value);
      return (candidate) => regex.test(candidate);
    }
    case '!~': {
      const regex = anchoredRegex(value);
      return (candidate) => !regex.test(candidate);
    }
    default:
      return operator satisfies never;
  }
}
