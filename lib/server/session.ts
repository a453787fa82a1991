import 'server-only';
import { createHash } from 'node:crypto';
import type { IncomingCall } from './http/guards';

/** The id a page of ours gives itself when it is loaded (lib/client/page-id.ts). */
const PAGE_ID = /^[A-Za-z0-9-]{8,64}$/;

/**
 * Who asks, for limits that keep one visitor from taking everybody's share; no identity, no cookie (docs/decisions/0222). A
 * page says its own random id; whoever says none shares one session with all alike at the same address.
 */
export function sessionOf(request: Pick<IncomingCall, 'url' | 'headers'>): string {
  const page = pageOf(request);
  if (page !== null) return page;
  // The address is the peer's own: Next.js (or `toCall`) fills it in, after the front door has dropped what a client sent.
  const marks = ['x-forwarded-for', 'user-agent', 'accept-language'].map(
    (name) => request.headers.get(name) ?? '',
  );
  return `from ${createHash('sha256').update(marks.join('\n')).digest('base64url')}`;
}

/** The page that asks, where it says which it is. */
export function pageOf(request: Pick<IncomingCall, 'url' | 'headers'>): string | null {
  const id = request.headers.get('x-page-id') ?? new URL(request.url).searchParams.get('page');
  return id !== null && PAGE_ID.test(id) ? `page ${id}` : null;
}
