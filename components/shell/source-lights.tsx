'use client';

import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { ProvenanceButton } from '@/components/ui/provenance';
import { MODE_WORDS, type Sheet } from '@/components/ui/provenance-model';
import { StateMark } from '@/components/ui/state-mark';
import { useLiveStatus } from '@/lib/client/use-live';
import type { Source } from '@/lib/domain/status';
import { SOURCE_IDS } from '@/lib/domain/vocabulary';
import { SOURCE_LOOKS, SOURCE_NAMES, toShownState } from './source-looks';

function toSheet(source: Source, word: string): Sheet {
  return {
    title: SOURCE_NAMES[source.id].full,
    lead: word,
    sections: [
      {
        heading: null,
        rows: [
          { kind: 'text', name: 'Mode', value: MODE_WORDS[source.mode] },
          ...(source.lastProofAt === null
            ? ([{ kind: 'text', name: 'Last proof of life', value: 'none yet' }] as const)
            : ([{ kind: 'time', name: 'Last proof of life', value: source.lastProofAt }] as const)),
          { kind: 'text', name: 'Detail', value: source.detail },
        ],
      },
    ],
  };
}

function SourceLight({ source, isLinkUp }: { source: Source; isLinkUp: boolean }): ReactNode {
  const state = toShownState(source, isLinkUp);
  const { mark, word } = SOURCE_LOOKS[state];
  const { short } = SOURCE_NAMES[source.id];
  return (
    <li className="w-[7.9em] text-small">
      <ProvenanceButton sheet={toSheet(source, word)} className="flex items-start gap-[0.4em]">
        <StateMark state={mark} className="mt-[0.15em]" />
        <span className="min-w-0 leading-[1.2]">
          <span className="block whitespace-nowrap font-semibold">
            {short}{' '}
            <span className="font-normal">
              {source.lastProofAt !== null && <Age since={source.lastProofAt} />}
            </span>
          </span>
          <span className="block whitespace-nowrap text-ink-soft">{word}</span>
        </span>
      </ProvenanceButton>
    </li>
  );
}

/** The four sources with shape, word and the age of their last sign of life. Their places do not move. */
export function SourceLights(): ReactNode {
  const live = useLiveStatus();
  const sources = live.state === 'loading' ? [] : live.value.sources;
  return (
    <ul aria-label="Sources" className="flex gap-x-[0.4em]">
      {SOURCE_IDS.map((id) => {
        const source = sources.find((candidate) => candidate.id === id);
        return (
          <SourceLight
            key={id}
            source={
              source ?? {
                id,
                state: 'syncing',
                mode: 'unknown',
                lastProofAt: null,
                detail: 'Not heard of yet.',
              }
            }
            isLinkUp={live.state !== 'reconnecting'}
          />
        );
      })}
    </ul>
  );
}

/** Where the data of this screen comes from, in ink: LIVE, SIMULATED, RECORDED. */
export function ModeStamp(): ReactNode {
  const live = useLiveStatus();
  const mode = live.state === 'loading' ? 'unknown' : live.value.mode;
  return (
    <p
      className="min-w-[7.4em] whitespace-nowrap rounded-[0.25rem] border-(length:--stroke) border-ink px-[0.5em] py-[0.2em] text-center font-display font-bold text-[0.9em] uppercase leading-none tracking-[0.06em] stage:text-[0.78rem]"
      data-mode={mode}
    >
      <span className="sr-only">Mode: </span>
      {/* As wide as the others, so that the bar neither jumps nor pushes its last button off the stage. */}
      {mode === 'unknown' ? 'mode ?' : MODE_WORDS[mode]}
    </p>
  );
}
