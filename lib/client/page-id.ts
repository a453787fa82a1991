import { randomId } from './random';

let id: string | null = null;

/** A random name this page has while it is open, so that limits can tell pages apart; it says nothing about who looks. */
export function pageId(): string {
  id ??= randomId();
  return id;
}
