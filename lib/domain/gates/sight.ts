import type { Gate } from '../checklist';
import type { ApiResource, ClusterSnapshot, ResourceView } from '../cluster';
import type { ClusterObjects, ResourceId } from '../objects';
import { isReadable, PROOF_OF_LIFE_MS } from '../readable';
import type { UnixMs } from '../vocabulary';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome } from './gate-row';

/**
 * What one look at a watched resource gave: its items, the proof that its API is not there, or the outcome
 * of a gate that could not look.
 */
export type Sight<T> =
  | { kind: 'seen'; items: readonly T[]; view: ResourceView<T> }
  | { kind: 'not-installed'; view: ResourceView<T> }
  | { kind: 'hidden'; outcome: GateOutcome };

export function lookAt<Id extends ResourceId>(input: ChecklistInput, id: Id): Sight<ClusterObjects[Id]> {
  return lookAtView<ClusterObjects[Id]>(input, input.cluster.resources[id]);
}

/** The resources of one group version; one that the reader does not ask for yet reads as not answered yet. */
export function lookAtDiscovery(input: ChecklistInput, groupVersion: string): Sight<ApiResource> {
  const view = input.cluster.discovery[groupVersion];
  return lookAtView(input, view ?? unaskedView(`GET /apis/${groupVersion}`));
}

/** A question the reader has not been given yet reads as one whose answer has not arrived. */
export function unaskedView<T>(request: string): ResourceView<T> {
  return { request, state: 'syncing', items: [], httpStatus: null, problem: null, lastProofAt: null };
}

export function lookAtView<T>(input: ChecklistInput, view: ResourceView<T>): Sight<T> {
  switch (view.state) {
    case 'live':
    case 'reconnecting':
    case 'stale':
      return { kind: 'seen', items: view.items, view };
    case 'unreachable':
      // What was seen last still tells something; its age decides later what it is worth.
      return isReadable(view)
        ? { kind: 'seen', items: view.items, view }
        : hidden(unreachable(view, input.now));
    case 'not-installed':
      return { kind: 'not-installed', view };
    case 'forbidden':
      // Authorization comes before routing: without the right, a missing API answers 403 too.
      return isApiServed(input.cluster, view.request) === false
        ? { kind: 'not-installed', view }
        : hidden(forbidden(view, input.now));
    case 'syncing':
      return hidden({
        status: 'unknown',
        reason: 'syncing',
        finding: `The first answer to ${view.request} has not arrived yet.`,
        evidence: [],
      });
    case 'unauthenticated':
      // A login that has just expired takes nothing back; later it is what has to be told.
      return isReadable(view) && isProven(view, input.now)
        ? { kind: 'seen', items: view.items, view }
        : hidden({
            ...unreachable(view, input.now),
            finding: view.problem ?? 'The API server does not accept our credentials.',
          });
    case 'not-configured':
      return isReadable(view) && isProven(view, input.now)
        ? { kind: 'seen', items: view.items, view }
        : hidden({
            status: 'unknown',
            reason: 'not-configured',
            finding: 'No cluster is configured.',
            evidence: [],
          });
    default:
      return view.state satisfies never;
  }
}

function isProven({ lastProofAt }: ResourceView<unknown>, now: UnixMs): boolean {
  return lastProofAt !== null && now - lastProofAt <= PROOF_OF_LIFE_MS;
}

function hidden(outcome: GateOutcome): { kind: 'hidden'; outcome: GateOutcome } {
  return { kind: 'hidden', outcome };
}

function unreachable(view: ResourceView<unknown>, now: UnixMs): GateOutcome {
  return {
    status: 'unknown',
    reason: 'unreachable',
    finding: view.problem ?? `${view.request} was not answered.`,
    evidence: [kubernetesEvidence(view, { problem: view.problem }, now)],
  };
}

function forbidden(view: ResourceView<unknown>, now: UnixMs): GateOutcome {
  const right = rightFor(view.request);
  return {
    status: 'unknown',
    reason: 'forbidden',
    finding: `We are not permitted to look: missing the right to list ${describeRight(right)}.`,
    missingRight: right,
    evidence: [kubernetesEvidence(view, { problem: view.problem }, now)],
  };
}

/** The right behind a list request, read from its path. */
export function rightFor(request: string): NonNullable<Gate['missingRight']> {
  const path = request.replace(/^GET /, '').replace(/\?.*$/, '');
  const segments = path.split('/').filter((segment) => segment !== '');
  const group = segments[0] === 'apis' ? (segments[1] ?? '') : '';
  const rest = segments.slice(segments[0] === 'apis' ? 3 : 2);
  const namespaced = rest[0] === 'namespaces' && rest.length >= 3;
  return {
    verb: 'list',
    group,
    resource: (namespaced ? rest[2] : rest[0]) ?? '',
    namespace: namespaced ? (rest[1] ?? null) : null,
  };
}

function describeRight(right: NonNullable<Gate['missingRight']>): string {
  const resource = right.group === '' ? right.resource : `${right.resource}.${right.group}`;
  return right.namespace === null ? `${resource} in the whole cluster` : `${resource} in ${right.namespace}`;
}

/** Whether the API behind a request is served, by the list of group versions; `null` where that is not known. */
function isApiServed(cluster: ClusterSnapshot, request: string): boolean | null {
  const match = /^GET \/apis\/([^/]+)\/([^/?]+)/.exec(request);
  if (match === null || cluster.groupVersions.state !== 'live') return null;
  return cluster.groupVersions.items.includes(`${match[1]}/${match[2]}`);
}
