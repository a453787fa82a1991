'use client';

import type { ReactNode } from 'react';
import { ProvenanceButton } from '@/components/ui/provenance';
import type { Sheet } from '@/components/ui/provenance-model';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { parseChatPath } from '@/lib/domain/chat-lanes';
import type { ChatTurn } from '@/lib/domain/chat-model';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { CHAT_PATHS, type ChatPath } from '@/lib/domain/vocabulary';
import type { ServedBy } from './served-by';
import { toPathWords, whyBypassed } from './turn-way';

const PATH_OPTIONS: Record<ChatPath, string> = {
  gateway: 'by Gateway',
  route: 'by Route',
  service: 'by Service, in-cluster',
};

/** The way the next question of a lane takes. Ways that cannot be used now say so, and can be tried all the same. */
export function PathChoice({
  name,
  facts,
  path,
  onPath,
}: {
  /** The lane's. */
  name: string;
  facts: LaneFacts | null;
  path: ChatPath | null;
  onPath: (path: ChatPath | null) => void;
}): ReactNode {
  return (
    <select
      aria-label={`Path to ${name}`}
      value={path ?? 'automatic'}
      onChange={({ target }) => onPath(parseChatPath(target.value))}
      className="w-[7.4rem] shrink-0 stage:w-[6.4rem] rounded-[0.25rem] border-(length:--hair) border-line bg-surface px-1.5 py-0.5 text-ink text-small"
    >
      <option value="automatic">best path</option>
      {CHAT_PATHS.map((known) => {
        const fact = facts?.paths.find((one) => one.path === known) ?? null;
        const isKnownToFail = facts !== null && (fact === null || fact.url === null);
        return (
          <option key={known} value={known} title={fact?.finding}>
            {PATH_OPTIONS[known]}
            {isKnownToFail ? ' (no address)' : ''}
          </option>
        );
      })}
    </select>
  );
}

/** The way the latest answer took, and who gave it. */
export function LaneWay({
  turn,
  servedBy,
  sheet,
  facts,
  isInName,
}: {
  /** The latest. */
  turn: ChatTurn;
  servedBy: ServedBy | null;
  sheet: () => Sheet;
  facts: LaneFacts | null;
  /** The lane's name says the path already: what follows it is left. */
  isInName: boolean;
}): ReactNode {
  if (turn.start === null) return null;
  const why = whyBypassed(turn, facts);
  const words = toPathWords(turn, servedBy);
  const shown = isInName ? words.replace(/^[A-Z][a-z]+ ?/, '') : words;
  return (
    <p className="flex min-w-0 items-center gap-x-2 overflow-hidden whitespace-nowrap text-small">
      {shown !== '' && (
        <ProvenanceButton sheet={sheet} label={`Path: ${words}`}>
          <UntrustedText text={shown} max={60} />
        </ProvenanceButton>
      )}
      {why !== null && (
        <span title={why.long} className="inline-flex items-center gap-1 font-semibold text-warn">
          <StateMark state="warn" /> {why.short}
        </span>
      )}
    </p>
  );
}
