import type { ProbeResult } from '../probe';
import { answeredWell, isFresh, newestPerPath } from '../probe-choice';
import { declaredAuthentication } from '../unauthenticated-arms';
import { ARMS } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence, probeEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { sentence } from './wording';

/** What every endpoint carries that answers without a token. */
export const UNAUTHENTICATED = 'Unauthenticated · demo only, not production-aligned.';

export const ENDPOINT_AUTHENTICATION_GATES: readonly GateRow[] = [
  {
    id: 'endpoint-authentication',
    layer: 'application',
    title: 'Authentication as declared',
    required: false,
    dependsOn: ['distributed-ready', 'baseline-ready'],
    why: 'A service that claims authentication and answers anyone is a leak; one that claims none and refuses ends the demo. Only requests tell. Route and Service are never guarded.',
    remedy:
      'Align the annotation security.opendatahub.io/enable-auth with the policies; a caller needs a token whose identity may get this llminferenceservice (Role, RoleBinding, oc create token).',
    owner: 'user',
    document: DOCUMENTS.authentication,
    command: ({ namespace, distributedName }) =>
      `oc auth can-i get llminferenceservices.serving.kserve.io/${distributedName} -n ${namespace}`,
    evaluate: evaluateEndpointAuthentication,
  },
];

interface AuthenticationFact {
  status: 'pass' | 'warn' | 'fail';
  text: string;
  probe: ProbeResult;
}

function evaluateEndpointAuthentication(input: ChecklistInput): GateOutcome {
  const distributed = lookAt(input, 'llminferenceservices');
  if (distributed.kind === 'hidden') return distributed.outcome;
  const baseline = lookAt(input, 'inferenceservices');
  if (baseline.kind === 'hidden') return baseline.outcome;
  const claims = ARMS.map((arm) => ({ arm, claim: declaredAuthentication(arm, input) })).filter(
    ({ claim }) => claim !== null,
  );
  const objects = [
    kubernetesEvidence(
      distributed.view,
      claims.map(({ arm, claim }) => ({ arm, declaresAuthentication: claim })),
      input.now,
    ),
  ];
  if (claims.length === 0) {
    return { status: 'not-applicable', finding: 'Neither arm is deployed.', evidence: objects };
  }
  const fresh = claims.flatMap(({ arm, claim }) =>
    newestPerPath(input.probes, arm)
      .filter((probe) => isFresh(probe, input.now))
      .map((probe) => ({ arm, claim, probe })),
  );
  const facts = fresh.flatMap(({ arm, claim, probe }) =>
    judgeProbe(probe, claim === true, input.access.sendsToken[arm]),
  );
  if (facts.length === 0) {
    return fresh.length === 0
      ? {
          status: 'unknown',
          reason: 'syncing',
          finding: 'No live request tells yet whether a token is asked for.',
          evidence: objects,
        }
      : {
          status: 'unknown',
          reason: 'unreachable',
          finding: 'No endpoint answers, so nothing tells whether a token is asked for.',
          evidence: [...objects, ...fresh.slice(0, 4).map(({ probe }) => probeEvidence(probe))],
        };
  }
  const evidence = [...objects, ...facts.slice(0, 4).map(({ probe }) => probeEvidence(probe))];
  const worst = (['fail', 'warn'] as const).find((status) => facts.some((fact) => fact.status === status));
  if (worst !== undefined) {
    const texts = facts.filter((fact) => fact.status === worst).map((fact) => fact.text);
    return { status: worst, finding: sentence(texts.join('; ')), evidence, explainedBy: [] };
  }
  const open = claims.every(({ claim }) => claim === false);
  return {
    status: 'pass',
    finding: open
      ? `As declared, no token is asked for. ${UNAUTHENTICATED}`
      : sentence([...new Set(facts.map((fact) => fact.text))].join('; ')),
    evidence,
  };
}

/** What one request shows about authentication; nothing where it failed for another reason. */
function judgeProbe(probe: ProbeResult, declared: boolean, sendsToken: boolean): AuthenticationFact[] {
  const where = `the ${probe.arm} arm by ${probe.path}`;
  const refused = probe.httpStatus === 401 || probe.httpStatus === 403;
  // Only the Gateway is guarded for the distributed arm; what comes past it proves nothing about the policy.
  const guarded = probe.arm === 'baseline' || probe.path === 'gateway' || probe.path === 'override';
  const fact = (status: AuthenticationFact['status'], text: string): AuthenticationFact[] => [
    { status, text, probe },
  ];
  if (refused && !declared) {
    return fact('fail', `${where} refuses with ${probe.httpStatus}, although authentication is declared off`);
  }
  if (refused && sendsToken) {
    return fact(
      'fail',
      `${where} refuses our token with ${probe.httpStatus}${probe.httpStatus === 403 ? ': its identity may not get the service' : ''}`,
    );
  }
  if (refused) {
    return fact('fail', `${where} asks for a token (${probe.httpStatus}) and none is configured`);
  }
  if (!answeredWell(probe)) return [];
  if (!declared) return fact('pass', `${where} answers without a token, as declared`);
  if (!guarded) return fact('warn', `${where} answers past the authentication that is declared on`);
  return sendsToken
    ? fact('pass', `${where} answers our token`)
    : fact('fail', `${where} answers without a token, although authentication is declared on`);
}
