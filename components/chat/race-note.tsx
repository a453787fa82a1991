'use client';

import type { ReactNode } from 'react';
import { CHAT_PARAMETERS, type ChatState } from '@/lib/client/chat-store';
import { useLiveState } from '@/lib/client/use-live';
import { countArmGpus } from '@/lib/domain/arm-gpus';
import { formatQuantityLine } from '@/lib/format/quantity';
import { countOf } from '@/lib/format/words';

/** What was equal in the race and what was not, in one line. */
export function RaceNote({ chat, isRace }: { chat: ChatState; isRace: boolean }): ReactNode {
  const placement = useLiveState((state) => state.placement);
  const baseline = placement === null ? null : countArmGpus(placement, 'baseline');
  const distributed = placement === null ? null : countArmGpus(placement, 'distributed');
  const skew = chat.distributed.turns.at(-1)?.start?.startSkewMs ?? null;
  const parameters = `temperature ${CHAT_PARAMETERS.temperature}, at most ${CHAT_PARAMETERS.maxTokens} tokens`;
  if (!isRace) return <p className="text-small text-ink-soft">One lane, {parameters}.</p>;
  return (
    <p className="text-small text-ink-soft">
      Same prompt, same start{skew !== null && ` (${formatQuantityLine(skew, 'ms')} apart)`}, {parameters}.
      {baseline !== null && distributed !== null && baseline !== distributed && (
        <>
          {' '}
          Not equal: {countOf(baseline, 'GPU')} against {distributed}.
        </>
      )}
    </p>
  );
}
