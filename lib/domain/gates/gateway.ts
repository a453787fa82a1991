import { findDistributed, wantsAuthentication } from '../demo-demand';
import { findGateway } from '../endpoint-objects';
import { findCondition, type ObjectMeta } from '../objects/meta';
import type { Gateway, GatewayClass } from '../objects/networking';
import type { DemoSettings } from '../settings';
import type { UnixMs } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { conditionText, count, listText, sentence } from './wording';

const OPENSHIFT_CONTROLLER = 'openshift.io/gateway-controller/v1';
const DOCUMENTED_CLASS = 'openshift-default';
/** The platform's own class, for its dashboards; it never serves the demo's namespace. */
const DASHBOARD_CLASS = 'data-science-gateway-class';
/** How long controllers and load balancers may take before waiting becomes a failure (§7, A4 and B15). */
const PATIENCE_MS = 5 * 60_000;

export const GATEWAY_GATES: readonly GateRow[] = [
  {
    id: 'gatewayclass',
    layer: 'platform',
    title: 'GatewayClass',
    required: needsGateway,
    dependsOn: ['cluster-version'],
    why: 'The class makes the ingress operator install the mesh that runs Gateways and the endpoint picker’s filter.',
    remedy: `Create a GatewayClass ${DOCUMENTED_CLASS} with controllerName ${OPENSHIFT_CONTROLLER}.`,
    owner: 'cluster-admin',
    document: DOCUMENTS.enabling,
    command: () => 'oc get gatewayclasses.gateway.networking.k8s.io',
    evaluate: evaluateGatewayClass,
  },
  {
    id: 'inference-gateway-object',
    layer: 'platform',
    title: 'Inference Gateway',
    required: needsGateway,
    dependsOn: ['gatewayclass'],
    why: 'Only requests that come through this Gateway pass the llm-d scheduler; the Route goes around it.',
    remedy:
      'Create the Gateway with that exact name and a listener that allows routes from the demo’s namespace; on bare metal add MetalLB. Then re-create the LLMInferenceService (3.0 does not recover by itself).',
    owner: 'cluster-admin',
    document: DOCUMENTS.enabling,
    command: ({ gateway }) =>
      `oc get gateways.gateway.networking.k8s.io -n ${gateway.namespace} ${gateway.name}`,
    evaluate: evaluateGateway,
  },
];

/** Needed with gateway refs, or with authentication, which is enforced on the Gateway only. */
export function needsGateway(input: ChecklistInput): boolean {
  const service = findDistributed(input.settings, input.cluster);
  if (service === null) return false;
  return (service.router?.gatewayRefs.length ?? 0) > 0 || wantsAuthentication(service);
}

function evaluateGatewayClass(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'gatewayclasses');
  if (sight.kind === 'hidden') return sight.outcome;
  const needed = needsGateway(input);
  if (sight.kind === 'not-installed') {
    return {
      status: needed ? 'fail' : 'not-applicable',
      reason: 'not-installed',
      finding: `The Gateway API is not installed${needed ? '' : ', and the service does not need it'}.`,
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now)],
    };
  }
  const usedClass = findGateway(input.settings, input.cluster)?.className ?? null;
  const found = chooseClass(sight.items, usedClass);
  if (found === null) {
    const names = sight.items.map((item) => item.meta.name);
    return {
      status: needed ? 'fail' : 'warn',
      reason: 'not-created',
      finding: `No GatewayClass of ${OPENSHIFT_CONTROLLER} exists for the demo${names.length === 0 ? '' : ` (there is ${listText(names)})`}.`,
      evidence: [kubernetesEvidence(sight.view, sight.items.map(classExcerpt), input.now)],
    };
  }
  const evidence = [kubernetesEvidence(sight.view, classExcerpt(found), input.now)];
  const name = `GatewayClass ${found.meta.name}`;
  const accepted = findCondition(found.conditions, 'Accepted');
  if (accepted?.status === 'False') {
    return { status: 'fail', finding: sentence(`${name} has ${conditionText(accepted)}`), evidence };
  }
  if (accepted?.status !== 'True') {
    const young = isYoung(found.meta, input.now);
    return {
      status: young ? 'warn' : 'fail',
      progressing: young,
      finding: `${name} waits for its controller${young ? ', which takes a few minutes at first' : ' and nobody has accepted it'}.`,
      evidence,
    };
  }
  return found.meta.name === DOCUMENTED_CLASS || found.meta.name === usedClass
    ? { status: 'pass', finding: `${name} is accepted by ${found.controllerName}.`, evidence }
    : {
        status: 'warn',
        finding: `${name} is accepted, but the documentation calls it ${DOCUMENTED_CLASS}.`,
        evidence,
      };
}

function chooseClass(classes: readonly GatewayClass[], usedClass: string | null): GatewayClass | null {
  const fit = classes.filter(
    (item) => item.controllerName === OPENSHIFT_CONTROLLER && item.meta.name !== DASHBOARD_CLASS,
  );
  return (
    classes.find((item) => item.meta.name === usedClass) ??
    fit.find((item) => item.meta.name === DOCUMENTED_CLASS) ??
    fit[0] ??
    null
  );
}

function classExcerpt(item: GatewayClass): unknown {
  return {
    name: item.meta.name,
    controllerName: item.controllerName,
    conditions: conditionsExcerpt(item.conditions),
  };
}

function evaluateGateway(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'gateway');
  if (sight.kind === 'hidden') return sight.outcome;
  const needed = needsGateway(input);
  if (sight.kind === 'not-installed') {
    return {
      status: needed ? 'fail' : 'not-applicable',
      reason: 'not-installed',
      finding: `The Gateway API is not installed${needed ? '' : ', and the service does not need it'}.`,
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now)],
    };
  }
  const gateway = findGateway(input.settings, input.cluster);
  const { namespace, name } = input.settings.gateway;
  if (gateway === null) {
    return {
      status: needed ? 'fail' : 'warn',
      reason: 'not-created',
      finding: `Gateway ${namespace}/${name} does not exist${needed ? '' : '; the demo then runs through its Route, past the scheduler'}.`,
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
      explainedBy: [],
    };
  }
  const evidence = [kubernetesEvidence(sight.view, gatewayExcerpt(gateway), input.now)];
  return withLoadBalancerHint(
    { ...judgeGateway(gateway, input.settings, input.now), evidence },
    gateway,
    input,
  );
}

/** Without an address the question is who makes load balancers here (kubernetes-objects §7, B15). */
function withLoadBalancerHint(outcome: GateOutcome, gateway: Gateway, input: ChecklistInput): GateOutcome {
  const { groupVersions } = input.cluster;
  const hasMetalLb = groupVersions.items.some((item) => item.startsWith('metallb.io/'));
  if (gateway.addresses.length > 0 || groupVersions.state !== 'live' || hasMetalLb) return outcome;
  return {
    ...outcome,
    finding: `${outcome.finding} MetalLB is not installed: without a cloud’s load balancer there will be no address.`,
  };
}

function judgeGateway(gateway: Gateway, settings: DemoSettings, now: UnixMs): Omit<GateOutcome, 'evidence'> {
  const name = `Gateway ${gateway.meta.name}`;
  const accepted = findCondition(gateway.conditions, 'Accepted');
  const programmed = findCondition(gateway.conditions, 'Programmed');
  if (accepted?.status === 'False') {
    return { status: 'fail', finding: sentence(`${name} has ${conditionText(accepted)}`) };
  }
  if (programmed?.status !== 'True' || gateway.addresses.length === 0) {
    const young = isYoung(gateway.meta, now);
    const hopeful = programmed?.status !== 'False' || programmed.reason === 'AddressNotAssigned';
    const what =
      programmed === null || programmed.status === 'Unknown'
        ? 'no controller has programmed it yet'
        : programmed.status === 'True'
          ? 'it has no address'
          : conditionText(programmed);
    return {
      status: young && hopeful ? 'warn' : 'fail',
      progressing: young && hopeful,
      finding: sentence(`${name} is not usable: ${what}`),
    };
  }
  const allows = gateway.listeners.filter(
    (listener) => listener.routesFrom !== 'Same' || gateway.meta.namespace === settings.namespace,
  );
  if (allows.length === 0) {
    return {
      status: 'fail',
      finding: `${name} is programmed, but no listener allows routes from ${settings.namespace}.`,
    };
  }
  const where = `${name} is programmed at ${shortAddress(gateway.addresses[0] ?? '')} with ${count(gateway.listeners.length, 'listener')}`;
  const wildcard = gateway.listeners.find((listener) => /^\*\.apps\./.test(listener.hostname ?? ''));
  if (wildcard !== undefined) {
    return {
      status: 'warn',
      finding: `${where}; the hostname ${wildcard.hostname} takes over the cluster's wildcard DNS record and breaks console and Routes.`,
    };
  }
  return gateway.listeners.some((listener) => listener.protocol === 'HTTPS')
    ? { status: 'pass', finding: `${where}.` }
    : { status: 'warn', finding: `Plain HTTP only (no TLS): ${where}.` };
}

function gatewayExcerpt(gateway: Gateway): unknown {
  return {
    name: gateway.meta.name,
    className: gateway.className,
    listeners: gateway.listeners,
    addresses: gateway.addresses,
    conditions: conditionsExcerpt(gateway.conditions),
  };
}

/** Default conditions of the Gateway API carry the year 1970, so age is counted from creation. */
function isYoung(meta: ObjectMeta, now: UnixMs): boolean {
  const created = Date.parse(meta.createdAt ?? '');
  return !Number.isNaN(created) && now - created < PATIENCE_MS;
}

/** Long enough for names that people give, too short for those of cloud load balancers. */
const LONGEST_ADDRESS = 32;

/** `a3f1c0de…amazonaws.com`: nobody reads the rest aloud; the evidence has it. */
function shortAddress(address: string): string {
  const [first = '', ...rest] = address.split('.');
  return address.length <= LONGEST_ADDRESS || first.length <= 12
    ? address
    : `${first.slice(0, 8)}…${rest.slice(-2).join('.')}`;
}
