import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Config, isBoundToLoopback } from '@/lib/server/config';
import type { ActionName } from '@/lib/server/config/variables';
import { HttpProblem } from '@/lib/server/http/problem';

/**
 * Refuses an action that the configuration does not name, and, where others can reach the server, one that does not carry
 * the control token (`Authorization: Bearer …`). Decided anew for each request.
 */
export function guardAction(
  action: ActionName,
  headers: Headers,
  config: Pick<Config, 'rights' | 'server'>,
): void {
  const { allowedActions } = config.rights;
  if (!allowedActions.includes(action)) {
    throw new HttpProblem(
      403,
      'action-not-allowed',
      `This dashboard only reads: ALLOW_ACTIONS does not name ${action}.`,
    );
  }
  guardControl(headers, config);
}

/** Refuses, where others can reach the server, a request that does not carry the control token. */
export function guardControl(headers: Headers, config: Pick<Config, 'rights' | 'server'>): void {
  const { controlToken } = config.rights;
  if (isBoundToLoopback(config.server.hostname)) return;
  if (controlToken === null) {
    throw new HttpProblem(
      403,
      'no-control-token',
      'Actions are refused beyond loopback until a CONTROL_TOKEN is configured.',
    );
  }
  const given = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
  if (!isSame(given, controlToken)) {
    throw new HttpProblem(403, 'wrong-control-token', 'The control token is missing or wrong.');
  }
}

/** Takes the same time whatever the first wrong character is. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
