import type { SyntaxNode } from '@lezer/common';
import { type LabelMatcher, labelMatcher, type MatchOperator } from './label-matcher.ts';
import { METRIC_NAME } from './label-set.ts';
import { stringValue } from './promql-literals.ts';
import { ParseError, type VectorSelector } from './promql-syntax.ts';
import { child, children, lastChild, textOf } from './syntax-tree.ts';

export function readSelector(query: string, node: SyntaxNode): VectorSelector {
  const identifier = node.getChild('Identifier');
  let name = identifier === null ? null : textOf(query, identifier);
  const matchers: LabelMatcher[] = [];
  const list = node.getChild('LabelMatchers');
  for (const matcher of list === null ? [] : children(list)) {
    if (matcher.name !== 'QuotedLabelName') {
      matchers.push(readMatcher(query, matcher));
      continue;
    }
    const quotedName = stringValue(textOf(query, matcher));
    if (name !== null) {
      throw new ParseError(
        query,
        node.from,
        `metric name must not be set twice: "${name}" or "${quotedName}"`,
      );
    }
    name = quotedName;
  }
  if (name !== null) {
    if (identifier !== null && matchers.some((matcher) => matcher.name === METRIC_NAME)) {
      const other = matchers.find((matcher) => matcher.name === METRIC_NAME)?.value ?? '';
      throw new ParseError(query, node.from, `metric name must not be set twice: "${name}" or "${other}"`);
    }
    matchers.unshift(labelMatcher(METRIC_NAME, '=', name));
  }
  if (matchers.every((matcher) => matcher.matches(''))) {
    throw new ParseError(query, node.from, 'vector selector must contain at least one non-empty matcher');
  }
  return { kind: 'vector-selector', name, matchers, offsetMs: 0, at: null, from: node.from, to: node.to };
}

function readMatcher(query: string, node: SyntaxNode): LabelMatcher {
  const quoted = node.getChild('QuotedLabelName');
  const label =
    quoted === null ? textOf(query, child(node, 'LabelName')) : stringValue(textOf(query, quoted));
  const operator = textOf(query, child(node, 'MatchOp')) as MatchOperator;
  const value = stringValue(textOf(query, lastChild(node)));
  try {
    return labelMatcher(label, operator, value);
  } catch (failure) {
    throw new ParseError(query, node.from, failure instanceof Error ? failure.message : String(failure));
  }
}
