import { findDistributed } from '../demo-demand';
import { armOf } from '../objects/arms';
import type { KubeEvent } from '../objects/core';
import { knownPods } from '../readable';
import { kubernetesEvidence, shorten } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { count, sentence } from './wording';

/** Older warnings are history (kubernetes-objects §7, D2). */
const RECENT_MS = 10 * 60_000;

export const DISTRIBUTED_EVENT_GATES: readonly GateRow[] = [
  {
    id: 'distributed-events',
    layer: 'application',
    title: 'No recent warnings',
    required: false,
    dependsOn: ['distributed-ready'],
    why: 'Failed reconciliations, killed containers and refused pods leave a Warning event before any condition follows.',
    remedy:
      'Read the newest warning: its message names what to repair. Events are forgotten after some hours.',
    owner: 'user',
    document: null,
    command: ({ namespace, distributedName }) =>
      `oc get events -n ${namespace} --field-selector type=Warning --sort-by=.lastTimestamp | grep ${distributedName}`,
    evaluate: evaluateEvents,
  },
];

function evaluateEvents(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'events');
  if (sight.kind === 'hidden') return sight.outcome;
  const uids = demoUids(input);
  const warnings = (sight.kind === 'seen' ? sight.items : [])
    .filter((event) => event.type === 'Warning' && isRecent(event, input.now) && concerns(event, uids, input))
    .sort((a, b) => Date.parse(b.at ?? '') - Date.parse(a.at ?? ''));
  const evidence = [
    kubernetesEvidence(
      sight.view,
      warnings.slice(0, 8).map(({ at, reason, message, object, count: times }) => ({
        at,
        object: `${object.kind}/${object.name}`,
        reason,
        message: shorten(message, 200),
        count: times,
      })),
      input.now,
    ),
  ];
  const [newest] = warnings;
  return newest === undefined
    ? {
        status: 'pass',
        finding: 'No warning about the distributed service in the last 10 minutes.',
        evidence,
      }
    : {
        status: 'warn',
        finding: sentence(
          `${count(warnings.length, 'warning')} in the last 10 minutes, the newest about ${newest.object.kind} ${newest.object.name}: ${newest.reason}, ${shorten(newest.message, 200)}`,
        ),
        evidence,
      };
}

function isRecent(event: KubeEvent, now: number): boolean {
  const age = now - Date.parse(event.at ?? '');
  return !Number.isNaN(age) && age <= RECENT_MS;
}

function demoUids(input: ChecklistInput): ReadonlySet<string> {
  const service = findDistributed(input.settings, input.cluster);
  const pods = knownPods(input.settings, input.cluster).pods.filter(
    (pod) => armOf(pod, input.settings) === 'distributed',
  );
  return new Set([...(service === null ? [] : [service.meta.uid]), ...pods.map((pod) => pod.meta.uid)]);
}

/** The service, its pods, and what the controller named after it (Deployments, pods that are gone by now). */
function concerns(event: KubeEvent, uids: ReadonlySet<string>, input: ChecklistInput): boolean {
  const { distributedName } = input.settings;
  const { uid, name } = event.object;
  return (
    (uid !== null && uids.has(uid)) ||
    name === distributedName ||
    name.startsWith(`${distributedName}-kserve`)
  );
}
