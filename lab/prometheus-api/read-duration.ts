import type { SyntaxNode } from '@lezer/common';
import { durationMs } from './promql-literals.ts';
import { ParseError } from './promql-syntax.ts';
import { textOf } from './syntax-tree.ts';

/** A duration that must be positive, in milliseconds. */
export function readRange(query: string, node: SyntaxNode): number {
  const rangeMs = readDuration(query, node);
  if (rangeMs > 0) return rangeMs;
  throw new ParseError(query, node.from, 'duration must be greater than 0');
}

/** A duration with or without a sign, in milliseconds; plain numbers are seconds. */
export function readDuration(query: string, node: SyntaxNode): number {
  const text = textOf(query, node).trim();
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]\s*/, '');
  const plain = durationMs(body) ?? (/^[\d.]+$/.test(body) ? Number(body) * 1000 : null);
  if (plain === null) {
    throw new ParseError(query, node.from, 'duration expressions are not supported by this server');
  }
  return sign * plain;
}
