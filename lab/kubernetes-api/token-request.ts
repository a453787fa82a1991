/** `serviceaccounts/<name>/token`: a token on request, as `kubectl create token` asks for it. */
import type { ApiContext } from './context.ts';
import { type FieldProblem, invalid } from './invalid.ts';
import { isRecord, type KubernetesObject, toTimestamp, valueAt } from './object.ts';
import { DEFAULT_AUDIENCE } from './service-account-tokens.ts';
import { badRequest } from './status.ts';

const KIND = 'TokenRequest';
const GROUP = 'authentication.k8s.io';
const DEFAULT_SECONDS = 3600;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;

function checkDuration(name: string, seconds: number): void {
  const problem =
    seconds < SHORTEST_SECONDS
      ? 'may not specify a duration less than 10 minutes'
      : seconds > LONGEST_SECONDS
        ? 'may not specify a duration larger than 2^32 seconds'
        : null;
  if (problem === null) return;
  const cause: FieldProblem = {
    reason: 'Invalid',
    field: 'spec.expirationSeconds',
    message: `Invalid value: ${seconds}: ${problem}`,
  };
  throw invalid(KIND, GROUP, name, [cause]);
}

export function answerTokenRequest(
  { serviceAccountTokens, clock }: ApiContext,
  account: KubernetesObject,
  body: unknown,
): Record<string, unknown> {
  if (!isRecord(body) || body.kind !== KIND)
    throw badRequest(`the object provided is unrecognized (must be of type ${KIND})`);
  const { name, namespace = '', uid = '' } = account.metadata;
  const wantedSeconds = valueAt(body, 'spec', 'expirationSeconds');
  const expirationSeconds = typeof wantedSeconds === 'number' ? wantedSeconds : DEFAULT_SECONDS;
  checkDuration(name, expirationSeconds);
  const wanted = valueAt(body, 'spec', 'audiences');
  const audiences = Array.isArray(wanted) && wanted.length > 0 ? wanted.map(String) : [DEFAULT_AUDIENCE];
  const { token, expiresAtMs } = serviceAccountTokens.issue({
    namespace,
    name,
    uid,
    expirationSeconds,
    audiences,
  });
  return {
    kind: KIND,
    apiVersion: `${GROUP}/v1`,
    metadata: { name, namespace, creationTimestamp: toTimestamp(clock.nowMs()) },
    spec: { audiences, expirationSeconds, boundObjectRef: null },
    status: { token, expirationTimestamp: toTimestamp(expiresAtMs) },
  };
}
