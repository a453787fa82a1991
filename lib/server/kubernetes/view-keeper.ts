import 'server-only';
import type { ResourceView } from '@/lib/domain/cluster';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from '../clock';
import type { KubernetesError } from './errors';
import { isDefinite } from './retry-policy';
import { resolveState, type Trouble, toLastAnswer, type ViewFacts, type ViewTiming } from './view-state';

export type Channel = 'list' | 'watch';

/** Gathers what is learned about one resource and shows it as a view. */
export interface ViewKeeper<T> {
  /** A sign of life that confirms the items as they are now; `at` is when the event came, or the moment for which a list speaks. */
  prove(at: UnixMs): void;
  /** A list answered with success. */
  succeed(channel: Channel, httpStatus?: number): void;
  /** `message` replaces the error's own where more is known. */
  fail(channel: Channel, problem: KubernetesError, message?: string): void;
  /** A list was sent (its time), or has ended (`null`). */
  wait(since: UnixMs | null): void;
  /** The same object until something in it changes. States can change by the mere passing of time. */
  view(): ResourceView<T>;
}

export interface ViewKeeperOptions<T> {
  /** As shown to people, e.g. `GET /api/v1/nodes`. */
  request: string;
  /** The same array until something changes. */
  items: () => readonly T[];
  clock: Clock;
  timing: ViewTiming;
  /** Something may have changed. */
  onChange: () => void;
}

export function createViewKeeper<T>({
  request,
  items,
  clock,
  timing,
  onChange,
}: ViewKeeperOptions<T>): ViewKeeper<T> {
  const facts: ViewFacts = {
    lastAnswer: null,
    lastProofAt: null,
    listTrouble: null,
    watchTrouble: null,
    waitingSince: null,
  };
  let hasListed = false;
  let httpStatus: number | null = null;
  let published: ResourceView<T> | null = null;

  function toTrouble(known: Trouble | null, problem: KubernetesError, message: string): Trouble {
    // An outage after a definite answer (no right, not installed) is trouble of its own.
    const isOngoing = known !== null && isDefinite(known) === isDefinite(problem);
    return { kind: problem.kind, message, since: isOngoing ? known.since : clock.now() };
  }

  return {
    prove(at) {
      facts.lastProofAt = Math.max(at, facts.lastProofAt ?? at);
      onChange();
    },
    succeed(channel, status) {
      if (channel === 'watch') {
        facts.watchTrouble = null;
      } else {
        facts.listTrouble = null;
        facts.lastAnswer = { state: 'live', problem: null };
        hasListed = true;
        httpStatus = status ?? httpStatus;
      }
      onChange();
    },
    fail(channel, problem, message = problem.message) {
      if (channel === 'watch') {
        facts.watchTrouble = toTrouble(facts.watchTrouble, problem, message);
      } else {
        facts.listTrouble = toTrouble(facts.listTrouble, problem, message);
        facts.lastAnswer = toLastAnswer(facts.listTrouble) ?? facts.lastAnswer;
        httpStatus = problem.httpStatus ?? httpStatus;
        // Where there is no data whose age it could falsify, a refusal is itself what was seen of the resource.
        if (problem.kind === 'forbidden' && !hasListed) facts.lastProofAt = clock.now();
      }
      onChange();
    },
    wait(since) {
      facts.waitingSince = since;
    },
    view() {
      const next: ResourceView<T> = {
        request,
        ...resolveState(facts, clock.now(), timing),
        items: items(),
        httpStatus,
        lastProofAt: facts.lastProofAt,
      };
      if (published === null || !isSameView(published, next)) published = next;
      return published;
    },
  };
}

function isSameView<T>(one: ResourceView<T>, other: ResourceView<T>): boolean {
  return isSameContent(one, other) && one.lastProofAt === other.lastProofAt;
}

/** Whether two views differ in nothing but the time of the last proof. */
export function isSameContent<T>(one: ResourceView<T>, other: ResourceView<T>): boolean {
  return (
    one.state === other.state &&
    one.problem === other.problem &&
    one.items === other.items &&
    one.httpStatus === other.httpStatus
  );
}
