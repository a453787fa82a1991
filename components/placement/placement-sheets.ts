import { MODE_WORDS, type Sheet, type SheetRow } from '@/components/ui/provenance-model';
import type {
  PathLink,
  Placement,
  PlacementEvent,
  PlacementNode,
  PlacementPod,
} from '@/lib/domain/placement';
import { PATH_MARKS, ROLE_WORDS, toPodState } from './placement-model';

/** What is behind each thing on the placement screen: full names, facts, and the request that shows them. */

function sheet(placement: Placement, title: string, lead: string, request: string, rows: SheetRow[]): Sheet {
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
          { kind: 'time', name: 'Observed', value: placement.observedAt },
        ],
      },
    ],
  };
}

function text(name: string, value: string | number | null): SheetRow {
  return { kind: 'text', name, value: value === null ? 'not known' : String(value) };
}

export function podSheet(placement: Placement, pod: PlacementPod): Sheet {
  const { word, reason } = toPodState(pod);
  const group = pod.group;
  return sheet(
    placement,
    'Pod',
    reason === null ? word : `${word}: ${reason}`,
    `GET /api/v1/namespaces/${pod.namespace}/pods/${pod.name}`,
    [
      text('Name', `${pod.namespace}/${pod.name}`),
      text('Node', pod.node ?? 'none yet'),
      text('Arm, role', `${pod.arm}, ${ROLE_WORDS[pod.role]}`),
      text('GPUs', pod.gpus),
      text('Phase', pod.phase),
      text('Restarts', pod.restarts),
      ...(group === null
        ? []
        : [text('Group', `${group.set} ${group.groupIndex}, worker ${group.workerIndex} of ${group.size}`)]),
      { kind: 'time', name: 'Created', value: pod.createdAt },
    ],
  );
}

export function nodeSheet(placement: Placement, node: PlacementNode): Sheet {
  return sheet(placement, 'Node', node.ready ? 'Ready' : 'not Ready', `GET /api/v1/nodes/${node.name}`, [
    text('Name', node.name),
    text('Instance type', node.instanceType),
    text('Zone', node.zone),
    text('GPU', node.gpu.product),
    text('Capacity', node.gpu.capacity),
    text('Allocatable', node.gpu.allocatable),
    text('Requested', node.gpu.requested),
    text('Taints', node.taints.length === 0 ? 'none' : node.taints.join(', ')),
    text('Schedulable', node.schedulable ? 'yes' : 'no, cordoned'),
  ]);
}

export function linkSheet(placement: Placement, link: PathLink): Sheet {
  return sheet(placement, link.kind, link.finding, 'GET /api/placement', [
    text('Name', link.name),
    text('State', PATH_MARKS[link.state].word),
  ]);
}

export function eventSheet(placement: Placement, event: PlacementEvent): Sheet {
  return sheet(placement, event.reason, event.message, 'GET /api/placement, from the watch of Events', [
    text('Object', `${event.object.kind} ${event.object.name}`),
    text('Type', event.type),
    { kind: 'time', name: 'At', value: event.at },
  ]);
}
