import 'server-only';

/**
 * Why Prometheus gave no answer. Weather, not a fault: returned, never thrown. The message is for the screen and
 * never repeats what a foreign body said.
 */
export interface PrometheusProblem {
  kind:
    | 'not-configured'
    | 'unauthenticated'
    | 'forbidden'
    | 'unreachable'
    | 'refused'
    | 'malformed'
    | 'aborted';
  message: string;
  httpStatus: number | null;
}

export const NOT_CONFIGURED: PrometheusProblem = {
  kind: 'not-configured',
  message: 'No Prometheus is configured (PROMETHEUS_URL).',
  httpStatus: null,
};

/** From the status of an answer that is no success; `errorType` is Prometheus' own word where it sent one. */
export function problemOfStatus(status: number, errorType: string | null): PrometheusProblem {
  if (status === 401) {
    return problem(
      'unauthenticated',
      status,
      'Prometheus does not accept the token (401): missing or expired.',
    );
  }
  if (status === 403) {
    return problem(
      'forbidden',
      status,
      'The token lacks the right to read metrics (403): cluster-monitoring-view for the whole cluster, or view in the namespace for the tenancy port.',
    );
  }
  if (status >= 300 && status < 400) {
    return problem(
      'unreachable',
      status,
      `Prometheus answered with a redirect (${status}), which is not followed.`,
    );
  }
  if (status === 503 && errorType !== null) {
    return problem('unreachable', status, `Prometheus gave up on the query (503 ${errorType}).`);
  }
  if (status >= 500) {
    return problem('unreachable', status, `Prometheus or the proxy before it is failing (${status}).`);
  }
  const word = errorType === null ? '' : ` ${errorType}`;
  return problem('refused', status, `Prometheus refused the request (${status}${word}).`);
}

export function problem(
  kind: PrometheusProblem['kind'],
  httpStatus: number | null,
  message: string,
): PrometheusProblem {
  return { kind, message, httpStatus };
}
