import { findDistributed, wantsAuthentication } from '../demo-demand';
import type { KubePod } from '../objects/core';
import { findCondition, type ObjectMeta } from '../objects/meta';
import { isReadable } from '../readable';
import type { UnixMs } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { usesLeaderWorkerSets } from './serving-api';
import { lookAt } from './sight';
import { conditionText, listText, sentence } from './wording';

const NAMESPACE = 'redhat-ods-applications';
const CONTROLLERS = ['kserve-controller-manager', 'odh-model-controller'] as const;
/** A controller that young may still be starting (kubernetes-objects §7, B4). */
const STARTING_MS = 2 * 60_000;

export const SERVING_CONTROLLER_GATES: readonly GateRow[] = [
  {
    id: 'serving-controllers',
    layer: 'platform',
    title: 'Serving controllers',
    required: false,
    dependsOn: ['rhoai-platform'],
    why: 'kserve-controller-manager turns the LLMInferenceService into pods, pool and route; odh-model-controller makes its policies. With them down every status is old news.',
    remedy: `Repair the Deployments in ${NAMESPACE}; the OpenShift AI operator restores what was deleted.`,
    owner: 'cluster-admin',
    document: DOCUMENTS.deploying,
    command: () => `oc get deployments.apps ${CONTROLLERS.join(' ')} -n ${NAMESPACE}`,
    evaluate: evaluateControllers,
  },
  {
    id: 'controllers-newer-than-apis',
    layer: 'platform',
    title: 'Controllers see all APIs',
    required: false,
    dependsOn: ['serving-controllers'],
    why: 'The controllers look for CRDs when they start. What was installed later they do not see, and their conditions then name an API that is there.',
    remedy: `Delete the pods of ${CONTROLLERS.join(' and ')} in ${NAMESPACE}, so that they start again.`,
    owner: 'cluster-admin',
    document: DOCUMENTS.authentication,
    command: () =>
      `oc get pods -n ${NAMESPACE} -l control-plane=kserve-controller-manager -o custom-columns=POD:.metadata.name,STARTED:.status.startTime; oc get crd authpolicies.kuadrant.io -o jsonpath='{.metadata.creationTimestamp}'`,
    evaluate: evaluateAges,
  },
];

function evaluateControllers(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'controllers');
  if (sight.kind === 'hidden') return sight.outcome;
  const found = sight.kind === 'seen' ? sight.items : [];
  const states = CONTROLLERS.map((name) => {
    const deployment = found.find((item) => item.meta.name === name);
    const available = findCondition(deployment?.conditions ?? [], 'Available');
    return { name, deployment, available };
  });
  const evidence = [
    kubernetesEvidence(
      sight.view,
      states.map(({ name, deployment }) =>
        deployment === undefined
          ? { name, found: false }
          : {
              name,
              readyReplicas: deployment.readyReplicas,
              conditions: conditionsExcerpt(deployment.conditions, ['Available']),
            },
      ),
      input.now,
    ),
  ];
  const missing = states.filter(({ deployment }) => deployment === undefined);
  if (missing.length > 0) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: `There is no ${listText(missing.map(({ name }) => name))} in ${NAMESPACE}.`,
      evidence,
    };
  }
  const down = states.filter(({ available }) => available?.status !== 'True');
  if (down.length === 0) {
    return { status: 'pass', finding: `${listText([...CONTROLLERS])} are available.`, evidence };
  }
  const young = down.every(({ deployment }) => isYoung(deployment?.meta, input.now));
  return {
    status: young ? 'warn' : 'fail',
    progressing: young,
    finding: sentence(
      down
        .map(
          ({ name, available }) =>
            `${name} has ${available === null ? 'no Available condition' : conditionText(available)}`,
        )
        .join('; '),
    ),
    evidence,
    explainedBy: [],
  };
}

function isYoung(meta: ObjectMeta | undefined, now: UnixMs): boolean {
  return now - Date.parse(meta?.createdAt ?? '') < STARTING_MS;
}

function controllerOf(pod: KubePod): string | null {
  if (pod.meta.namespace !== NAMESPACE) return null;
  const { labels } = pod.meta;
  return CONTROLLERS.find((name) => labels['control-plane'] === name || labels.app === name) ?? null;
}

function evaluateAges(input: ChecklistInput): GateOutcome {
  const definitions = lookAt(input, 'authpolicy-crd');
  if (definitions.kind === 'hidden') return definitions.outcome;
  const podSight = lookAt(input, 'pods-all');
  if (podSight.kind === 'hidden') return podSight.outcome;
  const pods = podSight.kind === 'seen' ? podSight.items.filter((pod) => controllerOf(pod) !== null) : [];
  const apis = knownApis(input);
  const evidence = [
    kubernetesEvidence(
      definitions.view,
      apis.map(({ name, createdAt }) => ({ name, createdAt })),
      input.now,
    ),
    kubernetesEvidence(
      podSight.view,
      pods.map((pod) => ({ name: pod.meta.name, startTime: pod.startedAt })),
      input.now,
    ),
  ];
  if (apis.length === 0) {
    return {
      status: 'not-applicable',
      finding:
        'Neither AuthPolicy nor LeaderWorkerSet is installed, so no API is newer than its controllers.',
      evidence,
    };
  }
  const started = pods.flatMap((pod) => {
    const at = Date.parse(pod.startedAt ?? '');
    return Number.isNaN(at) ? [] : [{ name: controllerOf(pod) ?? pod.meta.name, at }];
  });
  if (started.length === 0) {
    return {
      status: 'warn',
      finding:
        'No running controller pod can be seen, so its age cannot be compared with the APIs it must see.',
      evidence,
    };
  }
  const late = apis.flatMap((api) => {
    const blind = started.filter((controller) => controller.at < Date.parse(api.createdAt));
    return blind.length === 0
      ? []
      : [{ ...api, blind: [...new Set(blind.map((controller) => controller.name))] }];
  });
  if (late.length === 0) {
    return {
      status: 'pass',
      finding: `${started.length === 1 ? 'The controller has' : 'The controllers have'} started after ${listText(apis.map(({ name }) => name))} ${apis.length === 1 ? 'was' : 'were'} installed.`,
      evidence,
    };
  }
  return {
    status: late.some((api) => api.needed) ? 'fail' : 'warn',
    finding: sentence(
      late
        .map((api) => `${listText(api.blind)} started before ${api.name} was installed and may not see it`)
        .join('; '),
    ),
    evidence,
    explainedBy: [],
  };
}

/** APIs the controllers must see, with the latest time at which each can have appeared. */
function knownApis(input: ChecklistInput): { name: string; createdAt: string; needed: boolean }[] {
  const { 'authpolicy-crd': definitions, leaderworkersetoperator } = input.cluster.resources;
  const service = findDistributed(input.settings, input.cluster);
  const authPolicy = definitions.items[0]?.meta.createdAt ?? null;
  // The workload CRD comes with the operator's instance (kubernetes-objects §1.9); it is too large to be watched itself.
  const instance = isReadable(leaderworkersetoperator)
    ? (leaderworkersetoperator.items[0]?.meta.createdAt ?? null)
    : null;
  return [
    ...(authPolicy === null
      ? []
      : [
          {
            name: 'AuthPolicy',
            createdAt: authPolicy,
            needed: service !== null && wantsAuthentication(service),
          },
        ]),
    ...(instance === null || !usesLeaderWorkerSets(input)
      ? []
      : [{ name: 'LeaderWorkerSet', createdAt: instance, needed: true }]),
  ].filter(({ createdAt }) => !Number.isNaN(Date.parse(createdAt)));
}
