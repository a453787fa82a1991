import { findDistributed, wantsAuthentication } from '../demo-demand';
import { findCondition } from '../objects/meta';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { conditionText, sentence } from './wording';

const NAMESPACE = 'kuadrant-system';
const CERTIFICATE = 'authorino-server-cert';
const CERTIFICATE_ANNOTATION = 'service.beta.openshift.io/serving-cert-secret-name';

export const GATEWAY_AUTHENTICATION_GATES: readonly GateRow[] = [
  {
    id: 'authorino-tls',
    layer: 'platform',
    title: 'Authorino over TLS',
    required: needsAuthentication,
    dependsOn: ['connectivity-link'],
    why: 'The gateway’s filter reaches Authorino over TLS at a fixed name; without TLS there every authenticated request fails with 500 or 503.',
    remedy: `Annotate Service authorino-authorino-authorization in ${NAMESPACE} with ${CERTIFICATE_ANNOTATION}=${CERTIFICATE}, and enable spec.listener.tls with that Secret in the Authorino.`,
    owner: 'cluster-admin',
    document: DOCUMENTS.authentication,
    command: () => `oc get authorinos.operator.authorino.kuadrant.io authorino -n ${NAMESPACE} -o yaml`,
    evaluate: evaluateAuthorino,
  },
  {
    id: 'gateway-auth-policy',
    layer: 'platform',
    title: 'AuthPolicy of the Gateway',
    required: needsAuthentication,
    dependsOn: ['connectivity-link', 'inference-gateway-object', 'controllers-newer-than-apis'],
    why: 'odh-model-controller guards the Gateway with this policy. Overridden, or without a route, is normal while every route is anonymous.',
    remedy:
      'Restart odh-model-controller, so that it makes the policy; remove foreign policies that conflict.',
    owner: 'cluster-admin',
    document: DOCUMENTS.authentication,
    command: ({ gateway }) => `oc get authpolicies.kuadrant.io -n ${gateway.namespace} -o wide`,
    evaluate: evaluateGatewayPolicy,
  },
];

function needsAuthentication(input: ChecklistInput): boolean {
  const service = findDistributed(input.settings, input.cluster);
  return service !== null && wantsAuthentication(service);
}

function evaluateAuthorino(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'authorinos');
  if (sight.kind === 'hidden') return sight.outcome;
  const needed = needsAuthentication(input);
  const bad = needed ? 'fail' : 'warn';
  const authText = needed ? 'authentication is on and needs it' : 'authentication is off, so nothing asks it';
  const authorino =
    sight.kind === 'seen'
      ? (sight.items.find((item) => item.meta.name === 'authorino') ?? sight.items[0])
      : undefined;
  if (authorino === undefined) {
    return {
      status: needed ? 'fail' : 'not-applicable',
      reason: sight.kind === 'seen' ? 'not-created' : 'not-installed',
      finding: `There is no Authorino in ${NAMESPACE}; ${authText}.`,
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
    };
  }
  const serviceSight = lookAt(input, 'authorino-service');
  if (serviceSight.kind === 'hidden') return serviceSight.outcome;
  const service = serviceSight.kind === 'seen' ? serviceSight.items[0] : undefined;
  const annotated = service?.meta.annotations[CERTIFICATE_ANNOTATION] ?? null;
  const { enabled, certificateSecret } = authorino.listenerTls;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      {
        name: authorino.meta.name,
        listenerTls: authorino.listenerTls,
        conditions: conditionsExcerpt(authorino.conditions),
      },
      input.now,
    ),
    kubernetesEvidence(
      serviceSight.view,
      { name: service?.meta.name ?? null, servingCertificate: annotated },
      input.now,
    ),
  ];
  const ready = findCondition(authorino.conditions, 'Ready');
  const problem =
    ready?.status !== 'True'
      ? `Authorino is not ready: ${ready === null ? 'it has no Ready condition' : conditionText(ready)}`
      : enabled !== true
        ? 'the listener of Authorino does not speak TLS'
        : certificateSecret !== CERTIFICATE
          ? `the listener of Authorino uses Secret ${certificateSecret ?? 'none'}, not ${CERTIFICATE}`
          : service === undefined
            ? 'Service authorino-authorino-authorization does not exist'
            : annotated !== CERTIFICATE
              ? `Service ${service.meta.name} does not ask for the certificate ${CERTIFICATE}`
              : null;
  return problem === null
    ? {
        status: 'pass',
        finding: `Authorino is ready and speaks TLS with ${CERTIFICATE}; ${authText}.`,
        evidence,
      }
    : { status: bad, finding: sentence(`${problem}; ${authText}`), evidence };
}

function evaluateGatewayPolicy(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'gateway-authpolicies');
  if (sight.kind === 'hidden') return sight.outcome;
  const needed = needsAuthentication(input);
  const bad = needed ? 'fail' : 'warn';
  const { gateway } = input.settings;
  const policies = sight.kind === 'seen' ? sight.items : [];
  const policy = policies.find(({ target }) => target?.kind === 'Gateway' && target.name === gateway.name);
  if (policy === undefined) {
    return {
      status: needed ? 'fail' : 'not-applicable',
      reason: sight.kind === 'seen' ? 'not-created' : 'not-installed',
      finding: `No AuthPolicy guards Gateway ${gateway.name}${needed ? ', although authentication of the service is on' : ', and authentication is off'}.`,
      evidence: [
        kubernetesEvidence(
          sight.view,
          policies.map((item) => item.meta.name),
          input.now,
        ),
      ],
    };
  }
  const accepted = findCondition(policy.conditions, 'Accepted');
  const enforced = findCondition(policy.conditions, 'Enforced');
  const { generation } = policy.meta;
  const isOld =
    generation !== null && policy.observedGeneration !== null && policy.observedGeneration < generation;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      {
        name: policy.meta.name,
        generation,
        observedGeneration: policy.observedGeneration,
        conditions: conditionsExcerpt(policy.conditions),
      },
      input.now,
    ),
  ];
  const name = `AuthPolicy ${policy.meta.name}`;
  if (accepted?.status !== 'True') {
    return {
      status: accepted?.status === 'False' ? bad : 'warn',
      finding: sentence(
        `${name} has ${accepted === null ? 'no Accepted condition' : conditionText(accepted)}`,
      ),
      evidence,
    };
  }
  if (isOld) {
    return {
      status: 'warn',
      finding: `${name} has a status of generation ${policy.observedGeneration}, not ${generation}.`,
      evidence,
    };
  }
  if (enforced?.status === 'True') {
    return { status: 'pass', finding: `${name} is accepted and enforced.`, evidence };
  }
  const isIdle =
    enforced !== null &&
    (enforced.reason === 'Overridden' ||
      /not in the path to any existing routes/.test(enforced.message ?? ''));
  if (isIdle && !needed) {
    return {
      status: 'pass',
      finding: `${name} is accepted; it guards nothing while every route is anonymous (${enforced.reason ?? 'no reason given'}).`,
      evidence,
    };
  }
  return {
    status: 'warn',
    finding: sentence(
      `${name} is accepted, but not enforced: ${enforced === null ? 'it has no Enforced condition' : conditionText(enforced)}`,
    ),
    evidence,
  };
}
