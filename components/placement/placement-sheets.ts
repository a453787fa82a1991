import { MODE_WORDS, type Sheet, type SheetRow } from '@/components/ui/provenance-model';
import type {
  ArmScaling,
  PathLink,
  Placement,
  PlacementEvent,
  PlacementNode,
  PlacementPod,
  PodStory,
  QueueQuota,
  ServiceObject,
} from '@/lib/domain/placement';
import { PATH_MARKS, ROLE_WORDS, toPodState } from './placement-model';
import { eventsOf, toStoryLine } from './timeline-model';

interface Proof {
  /** As the cluster was asked. */
  request: string;
  observedAt: string | null;
}

/** What is behind each thing on the placement screen: full names, facts, and the request that shows them. */
function sheet(
  placement: Placement,
  title: string,
  lead: string,
  { request, observedAt }: Proof,
  rows: SheetRow[],
): Sheet {
  return {
    title,
    lead,
    sections: [
      {
        heading: null,
        rows: [
          ...rows,
          { kind: 'code', name: 'Request', value: request },
          { kind: 'text', name: 'Mode', value: MODE_WORDS[placement.mode] },
          ...(observedAt === null ? [] : [{ kind: 'time' as const, name: 'Observed', value: observedAt }]),
        ],
      },
    ],
  };
}

function text(name: string, value: string | number | null): SheetRow {
  return { kind: 'text', name, value: value === null ? 'not known' : String(value) };
}

/** A list and the watch that follows it; the watch is the same request with `watch=true`. */
function watched(placement: Placement, request: string): Proof {
  return { request: `${request} (list, then watch)`, observedAt: placement.observedAt };
}

export function statementSheet(placement: Placement): Sheet {
  const { statement, requests } = placement;
  return sheet(placement, 'Placement', statement.text, watched(placement, requests.pods), [
    ...(statement.note === null ? [] : [text('Waits for', statement.note)]),
    text(
      'Meaning',
      'The word (replicas, data parallel, shards) follows the objects and the effective engine arguments, not the plan.',
    ),
    { kind: 'code', name: 'Nodes', value: requests.nodes },
  ]);
}

export function podSheet(placement: Placement, pod: PlacementPod): Sheet {
  const { word, reason, since } = toPodState(pod, placement.isOutdated);
  const group = pod.group;
  return sheet(
    placement,
    'Pod',
    reason === null ? word : `${word}: ${reason}`,
    watched(placement, placement.requests.pods),
    [
      text('Name', `${pod.namespace}/${pod.name}`),
      text('Node', pod.node ?? 'none yet'),
      text('Arm, role', `${pod.arm}, ${ROLE_WORDS[pod.role]}`),
      text('GPUs, phase', `${pod.gpus}, ${pod.phase}`),
      text('Restarts', pod.restarts),
      ...(group === null
        ? []
        : [text('Group', `${group.set} ${group.groupIndex}, worker ${group.workerIndex} of ${group.size}`)]),
      ...(since === null ? [] : [{ kind: 'time' as const, name: 'Since', value: since }]),
      { kind: 'time', name: 'Created', value: pod.createdAt },
    ],
  );
}

export function nodeSheet(placement: Placement, node: PlacementNode): Sheet {
  return sheet(
    placement,
    'Node',
    node.ready ? 'Ready' : 'not Ready',
    watched(placement, placement.requests.nodes),
    [
      text('Name', node.name),
      text('Instance type', node.instanceType),
      text('Zone', node.zone),
      text('GPU', node.gpu.product),
      text('Resource', node.gpu.resource),
      text('Capacity', node.gpu.capacity),
      text('Allocatable', node.gpu.allocatable),
      text(
        'Requested',
        placement.allPodsSeen
          ? node.gpu.requested
          : 'not known: pods of other namespaces may not be listed, so this is this demo only',
      ),
      text('Taints', node.taints.length === 0 ? 'none' : node.taints.join(', ')),
      text('Schedulable', node.schedulable ? 'yes' : 'no, cordoned'),
    ],
  );
}

export function linkSheet(placement: Placement, link: PathLink): Sheet {
  return sheet(placement, link.kind, link.finding, link, [
    text('Name', link.name === '' ? 'none' : link.name),
    text('State', PATH_MARKS[link.state].word),
  ]);
}

export function schedulerSheet(placement: Placement): Sheet {
  const gateway = placement.path.find(({ id }) => id === 'gateway');
  return sheet(
    placement,
    'Scheduler',
    placement.schedulerFinding,
    gateway ?? watched(placement, placement.requests.pods),
    [
      text(
        'Known from',
        'the path the chat would use now, the picker’s pods, and the header that the picker leaves on completions (x-went-into-resp-headers)',
      ),
    ],
  );
}

/** Whose parts a request passes, explained on one press. */
export const BRACKET_SHEETS = {
  platform: {
    title: 'llm-d: platform',
    lead: 'Decides which pod answers. It never computes a token.',
    sections: [
      {
        heading: null,
        rows: [
          text('Gateway, HTTPRoute', 'take the request in and send completions to the pool'),
          text('InferencePool', 'names the pods that may answer, and whom to ask for a choice'),
          text('Endpoint picker', 'chooses per request: prompts already cached, queue length, free KV cache'),
          text('Without it', 'requests reach pods blindly, and cached prompts are missed'),
        ],
      },
    ],
  },
  engine: {
    title: 'vLLM: engine',
    lead: 'Computes the answer on the GPU. One engine per pod, each with its own KV cache.',
    sections: [
      {
        heading: null,
        rows: [
          text('Batching', 'requests join and leave the running batch at every step'),
          text('Prefix cache', 'prompts seen before are not computed again, on this pod only'),
          text('Both arms', 'the baseline runs the same engine, alone and without a picker'),
        ],
      },
    ],
  },
  beside: {
    title: 'past llm-d',
    lead: 'The Route leads to the same pods, round the endpoint picker.',
    sections: [
      { heading: null, rows: [text('Use', 'answers “is it not just two GPUs?”: same pods, no scheduling')] },
    ],
  },
} satisfies Record<string, Sheet>;

export function eventSheet(placement: Placement, event: PlacementEvent): Sheet {
  return sheet(placement, event.reason, event.message, watched(placement, placement.requests.events), [
    text('Object', `${event.object.kind} ${event.object.name}`),
    text('Type', event.type),
    { kind: 'time', name: 'At', value: event.at },
  ]);
}

/** The steps of a pod, and the Events that tell of them. */
export function storySheet(placement: Placement, story: PodStory): Sheet {
  const step = (name: string, at: string | null): SheetRow[] =>
    at === null ? [] : [{ kind: 'time', name, value: at }];
  const facts = sheet(
    placement,
    story.name,
    toStoryLine(story, placement.pods.find(({ uid }) => uid === story.uid) ?? null).words,
    watched(placement, placement.requests.pods),
    [
      ...(story.replaces === null
        ? []
        : [text('In place of', story.replaces.name), ...step('Lost', story.replaces.deletedAt)]),
      ...step('Created', story.createdAt),
      ...step('Scheduled', story.scheduledAt),
      ...step('Started', story.startedAt),
      ...step('Restarted', story.restartedAt),
      ...step('Ready', story.readyAt),
      ...step('Leaving', story.deletedAt),
      ...step('Gone', story.goneAt),
      text('Node', story.node),
    ],
  );
  const told = eventsOf(placement, story).map((event, index) =>
    text(`${index + 1}. ${event.reason}`, event.message),
  );
  return told.length === 0
    ? facts
    : { ...facts, sections: [...facts.sections, { heading: 'Events', rows: told.slice(-12) }] };
}

export function objectSheet(placement: Placement, object: ServiceObject): Sheet {
  return sheet(placement, object.kind, object.finding, watched(placement, object.request), [
    text('Name', object.name),
    text('State', PATH_MARKS[object.state].word),
  ]);
}

export function scalingSheet(placement: Placement, scaling: ArmScaling): Sheet {
  const { autoscaler } = scaling;
  return sheet(
    placement,
    'Pods of this arm',
    `${scaling.ready} of ${scaling.desired ?? '?'} ready`,
    watched(placement, placement.requests.pods),
    [
      text('Desired', scaling.desired),
      text('Created', scaling.created),
      text('Held by Kueue', scaling.gated),
      text('No node fits', scaling.unscheduled),
      text('Loading', scaling.loading),
      text('Ready', scaling.ready),
      text('Terminating', scaling.terminating),
      ...(autoscaler === null
        ? [text('Autoscaler', 'none is seen')]
        : [
            text(
              'Autoscaler',
              `${autoscaler.kind} ${autoscaler.name}: ${autoscaler.current ?? '?'} now, ${autoscaler.desired ?? '?'} wanted, between ${autoscaler.min ?? 1} and ${autoscaler.max ?? '?'}`,
            ),
            ...autoscaler.metrics.map((metric) =>
              text(
                metric.name,
                `${metric.current ?? 'not measured'}, target ${metric.target ?? 'not known'}`,
              ),
            ),
          ]),
    ],
  );
}

export function quotaSheet(placement: Placement, quota: QueueQuota): Sheet {
  return sheet(
    placement,
    'Quota',
    quota.used === null || quota.total === null
      ? 'The ClusterQueue cannot be read.'
      : `${quota.used} of ${quota.total} GPUs are reserved.`,
    watched(placement, quota.request),
    [
      text('LocalQueue', quota.localQueue),
      text('ClusterQueue', quota.clusterQueue),
      text('Workloads waiting', quota.pendingWorkloads),
    ],
  );
}
