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

/**
 * Whether others may be able to reach the server: it listens beyond loopback, or a proxy beside it passes a public name on
 * (the overlay oauth-proxy). A token that was configured is asked for wherever the server listens.
 */
export function needsControlToken({ rights, server }: Pick<Config, 'rights' | 'server'>): boolean {
  return rights.controlToken !== null || rights.publicHosts.length > 0 || !isBoundToLoopback(server.hostname);
}

/** Refuses, where others can reach the server, a request that does not carry the control token. */
export function guardControl(headers: Headers, config: Pick<Config, 'rights' | 'server'>): void {
  const { controlToken } = config.rights;
  if (!needsControlToken(config)) return;
  if (controlToken === null) {
    throw new HttpProblem(
      403,
      'no-control-token',
      'Others can reach this dashboard: actions are refused until a CONTROL_TOKEN is configured.',
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
