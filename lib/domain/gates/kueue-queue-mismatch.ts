import { findBaseline, findDistributed, isKueueManaged } from '../demo-demand';
import { enginePods } from '../objects/arms';
import type { ObjectMeta } from '../objects/meta';
import { isReadable, knownPods } from '../readable';
import type { Arm } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { listText, sentence } from './wording';

const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';
const PROFILE_ANNOTATION = 'opendatahub.io/hardware-profile-name';

export const KUEUE_QUEUE_GATES: readonly GateRow[] = [
  {
    id: 'kueue-queue-mismatch',
    layer: 'platform',
    title: 'Queue of the pods',
    required: false,
    dependsOn: ['kueue-localqueue'],
    why: 'A hardware profile of type Queue writes its own queue over the label of the service. The quota that counts is that of the queue on the pods, whatever the manifest says.',
    remedy:
      'Give the service a queue label that exists, let profile and label name the same queue, and re-create the service: the label is part of an immutable selector.',
    owner: 'user',
    document: DOCUMENTS.kueue,
    command: ({ namespace }) =>
      `oc get llminferenceservices.serving.kserve.io,inferenceservices.serving.kserve.io,pods -n ${namespace} -L ${QUEUE_LABEL}`,
    evaluate: evaluateQueues,
  },
];

interface QueuedService {
  arm: Arm;
  name: string;
  label: string | null;
  podQueues: readonly string[];
  profileQueue: string | null;
}

function evaluateQueues(input: ChecklistInput): GateOutcome {
  const namespaces = lookAt(input, 'namespace');
  if (namespaces.kind === 'hidden') return namespaces.outcome;
  const { namespace, kueueLocalQueue } = input.settings;
  const managed = isKueueManaged(input.settings, input.cluster);
  const evidence = [kubernetesEvidence(namespaces.view, { managedByKueue: managed }, input.now)];
  if (managed !== true) {
    return {
      status: 'not-applicable',
      finding: `Namespace ${namespace} is not managed by Kueue, so no pod is queued.`,
      evidence,
    };
  }
  for (const id of ['llminferenceservices', 'inferenceservices'] as const) {
    const sight = lookAt(input, id);
    if (sight.kind === 'hidden') return sight.outcome;
  }
  const { pods: own, 'pods-all': all, localqueues } = input.cluster.resources;
  const podView = isReadable(own) ? own : all;
  if (!isReadable(podView)) {
    const sight = lookAt(input, 'pods');
    if (sight.kind === 'hidden') return sight.outcome;
  }
  const services = queuedServices(input);
  evidence.push(kubernetesEvidence(podView, services, input.now));
  if (services.length === 0) {
    return { status: 'not-applicable', finding: 'Neither arm is deployed, so nothing is queued.', evidence };
  }
  const unlabelled = services.filter(({ label }) => label === null);
  if (unlabelled.length > 0) {
    return {
      status: 'fail',
      finding: sentence(
        `${listText(unlabelled.map(({ name }) => name))} ${unlabelled.length === 1 ? 'has' : 'have'} no ${QUEUE_LABEL}: in a managed namespace the next create or update is refused`,
      ),
      evidence,
      explainedBy: [],
    };
  }
  const known = isReadable(localqueues) ? localqueues.items.map((item) => item.meta.name) : null;
  const problems = services.flatMap((service) => problemsOf(service, kueueLocalQueue, known));
  return problems.length > 0
    ? { status: 'warn', finding: sentence(problems.join('; ')), evidence, explainedBy: [] }
    : {
        status: 'pass',
        finding: `Service, pods and hardware profile name the same queue: ${listText([...new Set(services.map(({ label }) => label ?? ''))])}.`,
        evidence,
      };
}

function queuedServices(input: ChecklistInput): QueuedService[] {
  const { pods } = knownPods(input.settings, input.cluster);
  const queued = (arm: Arm, meta: ObjectMeta): QueuedService => ({
    arm,
    name: meta.name,
    label: meta.labels[QUEUE_LABEL] ?? null,
    podQueues: [
      ...new Set(
        enginePods(pods, arm, input.settings).map((pod) => pod.meta.labels[QUEUE_LABEL] ?? 'no queue'),
      ),
    ].sort(),
    profileQueue: profileQueueOf(input, meta),
  });
  const baseline = findBaseline(input.settings, input.cluster);
  const distributed = findDistributed(input.settings, input.cluster);
  return [
    ...(baseline === null ? [] : [queued('baseline', baseline.meta)]),
    ...(distributed === null ? [] : [queued('distributed', distributed.meta)]),
  ];
}

/** Queue of the service's hardware profile; `null` without one, or where profiles cannot be read. */
function profileQueueOf(input: ChecklistInput, meta: ObjectMeta): string | null {
  const view = input.cluster.resources.hardwareprofiles;
  const name = meta.annotations[PROFILE_ANNOTATION];
  if (name === undefined || !isReadable(view)) return null;
  return view.items.find((item) => item.meta.name === name)?.localQueue ?? null;
}

function problemsOf(
  { name, label, podQueues, profileQueue }: QueuedService,
  expected: string,
  known: readonly string[] | null,
): string[] {
  const elsewhere = podQueues.filter((queue) => queue !== label);
  return [
    ...(elsewhere.length > 0
      ? [`the pods of ${name} are in ${listText(elsewhere)}, while the service names ${label ?? 'none'}`]
      : []),
    ...(profileQueue !== null && profileQueue !== label
      ? [
          `the hardware profile of ${name} writes queue ${profileQueue} over ${label ?? 'none'} at the next update`,
        ]
      : []),
    ...(known !== null && label !== null && !known.includes(label)
      ? [`queue ${label} of ${name} does not exist`]
      : []),
    ...(elsewhere.length === 0 && label !== null && label !== expected
      ? [`${name} is in queue ${label}, while the quota of ${expected} is watched here`]
      : []),
  ];
}
