import type { AtModifier, Expression } from './promql-syntax.ts';
import { LOOKBACK_MS } from './selector-cache.ts';

/** How far from a time of evaluation an expression reads samples. */
export interface Reach {
  backMs: number;
  aheadMs: number;
}

const EVERYTHING: Reach = { backMs: Number.POSITIVE_INFINITY, aheadMs: Number.POSITIVE_INFINITY };

export function reachOf(expression: Expression): Reach {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return { backMs: 0, aheadMs: 0 };
    case 'parentheses':
    case 'negation':
      return reachOf(expression.inner);
    case 'vector-selector':
      return shifted(expression.at, expression.offsetMs, { backMs: LOOKBACK_MS, aheadMs: 0 });
    case 'matrix-selector': {
      const { at, offsetMs } = expression.selector;
      return shifted(at, offsetMs, { backMs: expression.rangeMs, aheadMs: 0 });
    }
    case 'subquery': {
      const inner = reachOf(expression.inner);
      const back = { backMs: expression.rangeMs + inner.backMs, aheadMs: inner.aheadMs };
      return shifted(expression.at, expression.offsetMs, back);
    }
    case 'call':
      return widest(expression.arguments);
    case 'aggregation':
      return widest([expression.inner, ...(expression.parameter === null ? [] : [expression.parameter])]);
    case 'binary':
      return widest([expression.left, expression.right]);
    default:
      return expression satisfies never;
  }
}

function shifted(at: AtModifier, offsetMs: number, reach: Reach): Reach {
  if (at !== null) return EVERYTHING;
  return { backMs: reach.backMs + offsetMs, aheadMs: Math.max(0, reach.aheadMs - offsetMs) };
}

function widest(expressions: readonly Expression[]): Reach {
  const reaches = expressions.map(reachOf);
  return {
    backMs: Math.max(0, ...reaches.map(({ backMs }) => backMs)),
    aheadMs: Math.max(0, ...reaches.map(({ aheadMs }) => aheadMs)),
  };
}
