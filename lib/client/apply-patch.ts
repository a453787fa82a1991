import { applyPatch } from 'rfc6902';
import type { PatchOperation } from '@/lib/contracts/live-event';

/** Keys that would reach the prototype instead of the document. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Copies the containers along the pointer, so that a change below them touches no one who holds the old document. */
function copyAlong(document: unknown, keys: readonly string[]): unknown {
  if (typeof document !== 'object' || document === null) return document;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(document) ? [...document] : { ...document };
  const [key, ...rest] = keys;
  if (key !== undefined && Object.hasOwn(copy, key)) {
    const container = copy as Record<string, unknown>;
    container[key] = copyAlong(container[key], rest);
  }
  return copy;
}

/**
 * The document after an RFC 6902 patch, or `null` when the patch does not fit it. The given document is not changed, and
 * whatever the patch does not touch keeps its identity, so that unchanged panels do not render again.
 */
export function patchDocument<T>(document: T, operations: readonly PatchOperation[]): unknown {
  let next: unknown = document;
  for (const operation of operations) {
    const pointers = operation.from === undefined ? [operation.path] : [operation.path, operation.from];
    for (const pointer of pointers) {
      if (pointer !== '' && !pointer.startsWith('/')) return null;
      const keys = keysOf(pointer);
      if (keys.some((key) => FORBIDDEN_KEYS.has(key))) return null;
      next = copyAlong(next, keys);
    }
    if (operation.path === '') {
      if (operation.op !== 'replace' && operation.op !== 'add') return null;
      next = operation.value;
      continue;
    }
    // The wire type allows a missing value; the package checks each operation's needs itself.
    const [problem] = applyPatch(next, [operation as Parameters<typeof applyPatch>[1][number]]);
    if (problem !== null) return null;
  }
  return next;
}
