import type { ResourceView } from '../cluster';
import { findDistributed } from '../demo-demand';
import { findCondition } from '../objects/meta';
import { isReadable } from '../readable';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { findServiceSchema, NEWER_SERVING, SERVING } from './serving-versions';
import { lookAtDiscovery, lookAtView } from './sight';
import { conditionText, listText, sentence } from './wording';

const LWS = 'leaderworkerset.x-k8s.io/v1';
const OPERATORS = 'operator.openshift.io/v1';

/** Gates that ask what the API server serves: discovery and schemas, as `oc api-resources` and `oc explain` do. */
export const SERVING_API_GATES: readonly GateRow[] = [
  {
    id: 'llminferenceservice-api',
    layer: 'platform',
    title: 'LLMInferenceService API',
    required: true,
    dependsOn: ['rhoai-platform'],
    why: 'The distributed arm is an LLMInferenceService; without its API nothing of it can be created or read.',
    remedy: 'Set the kserve component of the DataScienceCluster to Managed.',
    owner: 'cluster-admin',
    document: DOCUMENTS.deploying,
    command: () => 'oc api-resources --api-group=serving.kserve.io',
    evaluate: evaluateServingApi,
  },
  {
    id: 'llminferenceservice-schema',
    layer: 'platform',
    title: 'LLMInferenceService schema',
    required: true,
    dependsOn: ['llminferenceservice-api'],
    why: 'Fields that the schema does not know are dropped silently, so a manifest can be accepted and still do something else.',
    remedy: 'Install the OpenShift AI release that serves these fields (3.0 or later).',
    owner: 'cluster-admin',
    document: DOCUMENTS.deploying,
    command: () => 'oc explain llminferenceservices.serving.kserve.io.spec.router',
    evaluate: evaluateServingSchema,
  },
  {
    id: 'leaderworkerset-api',
    layer: 'platform',
    title: 'LeaderWorkerSet API',
    required: (input) => usesLeaderWorkerSets(input),
    dependsOn: ['leaderworkerset-operator'],
    why: 'Groups of pods over several nodes are LeaderWorkerSets; the documentation names the operator as a prerequisite. Replica mode never touches it.',
    remedy:
      'Create the LeaderWorkerSetOperator named cluster (cert-manager first), then restart kserve-controller-manager.',
    owner: 'cluster-admin',
    document: DOCUMENTS.enabling,
    command: () => 'oc get crd leaderworkersets.leaderworkerset.x-k8s.io',
    evaluate: evaluateLeaderWorkerSetApi,
  },
  {
    id: 'maas-inferencegateway-absent',
    layer: 'platform',
    title: 'No InferenceGateway (MaaS) API',
    required: false,
    dependsOn: [],
    why: 'OpenShift AI 3.0 has no InferenceGateway; a manifest that needs one cannot work here.',
    remedy: 'Nothing to do when absent. When present, check whether this demo should use it.',
    owner: 'cluster-admin',
    document: null,
    command: () => "oc get crd -o name | grep -iE 'inferencegateway|maas'",
    evaluate: evaluateMaasAbsent,
  },
];

function evaluateServingApi(input: ChecklistInput): GateOutcome {
  const sight = lookAtDiscovery(input, SERVING);
  if (sight.kind === 'hidden') return sight.outcome;
  const found =
    sight.kind === 'seen'
      ? sight.items.find((resource) => resource.name === 'llminferenceservices')
      : undefined;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      sight.kind === 'seen'
        ? { found: found ?? null, resources: sight.items.map((resource) => resource.name) }
        : { served: false },
      input.now,
    ),
  ];
  // Discovery is asked for every ten seconds; a list tells at once that the API is gone.
  const list = input.cluster.resources.llminferenceservices;
  if (found !== undefined && list.state === 'not-installed' && isNewer(list, sight.view)) {
    return {
      status: 'fail',
      reason: 'not-installed',
      finding: `${SERVING} does not serve llminferenceservices any more.`,
      evidence: [kubernetesEvidence(list, { served: false }, input.now), ...evidence],
    };
  }
  if (found?.kind === 'LLMInferenceService' && found.verbs.includes('list')) {
    return { status: 'pass', finding: `${SERVING} serves llminferenceservices.`, evidence };
  }
  const newer = NEWER_SERVING.flatMap((version) => {
    const seen = lookAtDiscovery(input, version);
    const isServed = seen.kind === 'seen' && seen.items.some(({ name }) => name === 'llminferenceservices');
    return isServed ? [{ version, view: seen.view }] : [];
  });
  if (newer.length > 0) {
    return {
      status: 'warn',
      finding: `Only ${listText(newer.map(({ version }) => version))} serves llminferenceservices: this is not OpenShift AI 3.0.`,
      evidence: [
        ...evidence,
        ...newer.map(({ view }) => kubernetesEvidence(view, { served: true }, input.now)),
      ],
    };
  }
  return {
    status: 'fail',
    reason: 'not-installed',
    finding: `${SERVING} does not serve llminferenceservices.`,
    evidence,
  };
}

function isNewer(one: ResourceView<unknown>, other: ResourceView<unknown>): boolean {
  return (one.lastProofAt ?? 0) > (other.lastProofAt ?? 0);
}

/** The fields this demo and its variants use (kubernetes-objects §7, A2). */
const NEEDED_FIELDS = [
  'spec.model.uri',
  'spec.router.gateway',
  'spec.router.route',
  'spec.router.scheduler',
  'spec.template',
  'spec.worker',
  'spec.prefill',
] as const;

/** Fields of later releases, which tell that this is one. */
const NEWER_FIELDS = ['spec.scaling', 'spec.storageInitializer', 'spec.labels'] as const;

function evaluateServingSchema(input: ChecklistInput): GateOutcome {
  const { groupVersion, sight, schema } = findServiceSchema(input);
  if (sight.kind === 'hidden') return sight.outcome;
  if (schema === null) {
    return {
      status: 'fail',
      reason: 'not-installed',
      finding: `The API server publishes no schema of LLMInferenceService in ${SERVING}.`,
      evidence: [kubernetesEvidence(sight.view, { found: false }, input.now)],
    };
  }
  const inVersion = groupVersion === SERVING ? '' : ` (${groupVersion})`;
  const missing = NEEDED_FIELDS.filter((field) => !schema.fieldPaths.has(field));
  const newer = NEWER_FIELDS.filter((field) => schema.fieldPaths.has(field));
  const evidence = [
    kubernetesEvidence(
      sight.view,
      { has: NEEDED_FIELDS.filter((field) => schema.fieldPaths.has(field)), missing, newer },
      input.now,
    ),
  ];
  if (missing.length > 0) {
    return { status: 'fail', finding: `The schema${inVersion} lacks ${listText(missing)}.`, evidence };
  }
  return {
    status: 'pass',
    finding:
      newer.length === 0
        ? `The schema has all ${NEEDED_FIELDS.length} fields that this demo uses${inVersion}.`
        : `The schema has all ${NEEDED_FIELDS.length} fields that this demo uses${inVersion}, and ${listText(newer)} of a newer release.`,
    evidence,
  };
}

export function usesLeaderWorkerSets(input: ChecklistInput): boolean {
  const service = findDistributed(input.settings, input.cluster);
  return service !== null && (service.main.hasWorker || (service.prefill?.hasWorker ?? false));
}

function evaluateLeaderWorkerSetApi(input: ChecklistInput): GateOutcome {
  const sight = lookAtDiscovery(input, LWS);
  if (sight.kind === 'hidden') return sight.outcome;
  const used = usesLeaderWorkerSets(input);
  const served =
    sight.kind === 'seen' && sight.items.some((resource) => resource.name === 'leaderworkersets');
  const evidence = [kubernetesEvidence(sight.view, { served, usedByTheService: used }, input.now)];
  const operatorView = input.cluster.resources.leaderworkersetoperator;
  const operator = isReadable(operatorView) ? operatorView.items[0] : undefined;
  const degraded = operator === undefined ? null : findCondition(operator.conditions, 'Degraded');
  if (operator !== undefined) {
    evidence.push(
      kubernetesEvidence(
        operatorView,
        { name: operator.meta.name, conditions: conditionsExcerpt(operator.conditions) },
        input.now,
      ),
    );
  }
  const useText = used ? 'the service uses it (spec.worker is set)' : 'replica mode does not use it';
  if (served) {
    return degraded?.status === 'True'
      ? {
          status: 'warn',
          finding: sentence(
            `${LWS} is served and ${useText}, but its operator has ${conditionText(degraded)}`,
          ),
          evidence,
        }
      : { status: 'pass', finding: `${LWS} serves leaderworkersets; ${useText}.`, evidence };
  }
  const operatorApi = lookAtDiscovery(input, OPERATORS);
  const operatorInstalled =
    operatorApi.kind === 'seen' &&
    operatorApi.items.some((resource) => resource.name === 'leaderworkersetoperators');
  if (operatorApi.kind !== 'hidden') {
    evidence.push(
      kubernetesEvidence(operatorApi.view, { leaderworkersetoperators: operatorInstalled }, input.now),
    );
  }
  const cause =
    degraded?.status === 'True'
      ? `: its operator has ${conditionText(degraded)}`
      : operatorInstalled
        ? ': only the operator is there, which serves it once LeaderWorkerSetOperator cluster exists'
        : '';
  if (used) {
    return {
      status: 'fail',
      reason: 'not-installed',
      finding: sentence(`The service sets spec.worker, but ${LWS} is not served${cause}`),
      evidence,
    };
  }
  return operatorInstalled
    ? {
        status: 'warn',
        reason: 'not-installed',
        finding: sentence(`${LWS} is not served (${useText})${cause}`),
        evidence,
      }
    : {
        status: 'not-applicable',
        reason: 'not-installed',
        finding: `${LWS} is not served and its operator is not installed; ${useText}.`,
        evidence,
      };
}

const MAAS_GROUP = /inferencegateway|(^|\.)maas\./i;

function evaluateMaasAbsent(input: ChecklistInput): GateOutcome {
  const sight = lookAtView(input, input.cluster.groupVersions);
  if (sight.kind === 'hidden') return sight.outcome;
  const groups = sight.kind === 'seen' ? sight.items : [];
  const found = groups.filter((groupVersion) => MAAS_GROUP.test(groupVersion));
  const evidence = [
    kubernetesEvidence(sight.view, { groupVersionsServed: groups.length, matching: found }, input.now),
  ];
  return found.length === 0
    ? {
        status: 'pass',
        finding: `Absent, as expected: none of the ${groups.length} served API versions is MaaS or InferenceGateway.`,
        evidence,
      }
    : { status: 'warn', finding: `Unexpectedly present: ${listText(found)} is served.`, evidence };
}
