'use client';

import type { ReactNode } from 'react';
import { ProvenanceButton } from '@/components/ui/provenance';
import type { Sheet } from '@/components/ui/provenance-model';
import { StateMark } from '@/components/ui/state-mark';
import { UnauthenticatedMark } from '@/components/ui/unauthenticated-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { useLiveState } from '@/lib/client/use-live';
import type { ChatTurn } from '@/lib/domain/chat-model';
import { factsByPath, type LaneFacts } from '@/lib/domain/lane-facts';
import type { Arm, UsedPath } from '@/lib/domain/vocabulary';
import { toFactSheet, toFactWords } from './lane-facts-model';
import { toUnreadiness, type Unreadiness } from './lane-readiness';
import { type ServedBy, toShortMethod } from './served-by';

/** How the serving pod of an answer is known, if it is. */
function PodWords({ servedBy, sheet }: { servedBy: ServedBy | null; sheet: () => Sheet }): ReactNode {
  const words = servedBy === null ? 'serving pod unknown' : `pod known by ${toShortMethod(servedBy)}`;
  return (
    <ProvenanceButton sheet={sheet} className="min-w-0 truncate">
      <UntrustedText text={words} max={120} />
    </ProvenanceButton>
  );
}

/** That the arm loads, or is down: shown until it serves again. */
function UnreadinessWords({ unreadiness: { word, finding } }: { unreadiness: Unreadiness }): ReactNode {
  return (
    <span
      role="status"
      title={finding}
      className="flex min-w-0 items-center gap-1 font-semibold text-warn leading-tight"
    >
      <StateMark state="warn" />
      <span className="truncate">
        {word}: <UntrustedText text={finding} max={120} />
      </span>
    </span>
  );
}

/** Under a lane: model, weights, context, GPUs, engine, and who answered how. Both lines are kept until they are known. */
export function LaneFactsLine({
  name,
  arm,
  turn,
  servedBy,
  sheet,
  facts,
  path,
  observedAt,
}: {
  /** The lane's. */
  name: string;
  arm: Arm;
  /** The way of the latest answer, or else of the next; `null` leaves it to the server. */
  path: UsedPath | null;
  /** The latest. */
  turn: ChatTurn | null;
  servedBy: ServedBy | null;
  /** Of the latest answer. */
  sheet: () => Sheet;
  facts: LaneFacts | null;
  observedAt: string | null;
}): ReactNode {
  const checklist = useLiveState((state) => state.checklist);
  // Where a configured URL leads, the cluster's objects do not tell.
  const isConfigured = facts !== null && factsByPath(facts, path) === facts.configuredFacts;
  const unreadiness = isConfigured ? null : toUnreadiness(checklist, arm);
  const words = facts === null ? [] : toFactWords(facts, path);
  return (
    <div className="text-ink-soft text-small leading-tight">
      <div className="min-h-[1.25em]">
        {facts !== null && observedAt !== null && (
          <ProvenanceButton
            sheet={() => toFactSheet(name, facts, path, observedAt)}
            className="block w-full truncate"
          >
            <UntrustedText text={words.length === 0 ? 'nothing known of this lane' : words.join(' · ')} />
          </ProvenanceButton>
        )}
      </div>
      <p className="flex min-h-[1.25em] justify-between gap-x-4 whitespace-nowrap">
        {isConfigured ? <span /> : <UnauthenticatedMark arm={arm} className="leading-tight" />}
        {unreadiness !== null ? (
          <UnreadinessWords unreadiness={unreadiness} />
        ) : (
          turn?.outcome.state === 'ended' && <PodWords servedBy={servedBy} sheet={sheet} />
        )}
      </p>
    </div>
  );
}
