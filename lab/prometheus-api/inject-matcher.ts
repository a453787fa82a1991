import { parseQuery } from './promql-parse.ts';
import type { Expression, VectorSelector } from './promql-syntax.ts';

/** A query names another value of the label than the one to be enforced. */
export class MatcherConflict extends Error {}

/** Name and matchers without the modifiers that may follow. */
const SELECTOR = /^[\w:]*(?:\s*\{(?:[^"'`}]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)*\})?/;

/** The query with `label="value"` in every selector, as prom-label-proxy rewrites it. Throws where the query cannot be read. */
export function injectMatcher(query: string, label: string, value: string): string {
  const injected = `${label}=${JSON.stringify(value)}`;
  let rewritten = query;
  // From the end, so that places before stay where they are.
  for (const selector of selectorsOf(parseQuery(query)).sort((a, b) => b.from - a.from)) {
    for (const { name, operator, value: named } of selector.matchers) {
      if (name !== label || operator !== '=' || named === value) continue;
      throw new MatcherConflict(
        `label matcher value (${name}=${JSON.stringify(named)}) conflicts with injected value (${injected})`,
      );
    }
    const text = SELECTOR.exec(query.slice(selector.from, selector.to))?.[0] ?? '';
    const after = rewritten.slice(selector.from + text.length);
    rewritten = rewritten.slice(0, selector.from) + withMatcher(text, injected) + after;
  }
  return rewritten;
}

function withMatcher(selector: string, matcher: string): string {
  if (!selector.endsWith('}')) return `${selector}{${matcher}}`;
  const open = selector.slice(0, -1).trimEnd();
  return open.endsWith('{') || open.endsWith(',') ? `${open}${matcher}}` : `${open},${matcher}}`;
}

function selectorsOf(expression: Expression): VectorSelector[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return [];
    case 'vector-selector':
      return [expression];
    case 'matrix-selector':
      return [expression.selector];
    case 'parentheses':
    case 'negation':
    case 'subquery':
      return selectorsOf(expression.inner);
    case 'aggregation':
      return [
        ...(expression.parameter === null ? [] : selectorsOf(expression.parameter)),
        ...selectorsOf(expression.inner),
      ];
    case 'call':
      return expression.arguments.flatMap(selectorsOf);
    case 'binary':
      return [...selectorsOf(expression.left), ...selectorsOf(expression.right)];
    default:
      return expression satisfies never;
  }
}
