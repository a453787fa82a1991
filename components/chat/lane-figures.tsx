'use client';

import type { ReactNode } from 'react';
import { FigureValue } from '@/components/ui/figure';
import { StateMark } from '@/components/ui/state-mark';
import { useElapsedMs } from '@/lib/client/use-elapsed';
import { type ChatTurn, isRunning, toWait } from '@/lib/domain/chat-model';
import type { Figure } from '@/lib/domain/figure';
import type { Mode } from '@/lib/domain/vocabulary';
import { formatDecimal, formatSeconds, type QuantityText } from '@/lib/format/quantity';
import { toTurnFigures } from './turn-figures';

/** The clock of the one who waits. It stops being shown the moment the first token is there. */
function WaitingClock({ elapsedMs }: { elapsedMs: number }): ReactNode {
  return (
    <span
      role="timer"
      aria-label="Waiting for the first token"
      className="font-bold font-display text-hero text-ink-soft tabular-nums tracking-[-0.02em]"
    >
      {formatDecimal(elapsedMs / 1_000, 1)}
      <span className="font-semibold text-figure">{'\u2009s'}</span>
    </span>
  );
}

function Slot({
  label,
  figure,
  name,
  showsUnit = true,
}: {
  label: string;
  figure: Figure;
  name: string;
  showsUnit?: boolean;
}): ReactNode {
  return (
    <div className="min-w-0">
      <FigureValue label={name} figure={figure} size="figure" showsUnit={showsUnit} unknownWord="–" />
      <p className="text-small text-ink-soft">{label}</p>
    </div>
  );
}

/** First-token times are in seconds in every lane, whatever their size. */
function inSeconds(figure: Figure): { text: QuantityText } | Record<string, never> {
  return figure.state === 'known' && figure.unit === 'ms' ? { text: formatSeconds(figure.value) } : {};
}

/** A small figure in the line below; left out while it is not known, because the line tells why. */
function Count({ name, label, figure }: { name: string; label: string; figure: Figure }): ReactNode {
  if (figure.state === 'unknown') return null;
  return (
    <>
      <span aria-hidden="true">·</span>
      <span>
        <FigureValue
          label={name}
          figure={figure}
          size="dense"
          showsUnit={figure.unit === 'ms'}
          {...inSeconds(figure)}
        />{' '}
        {label}
      </span>
    </>
  );
}

const FINISH_WORDS: Record<string, string> = {
  stop: 'ended by itself',
  length: 'cut at the token limit',
  tool_calls: 'ended in a tool call',
  content_filter: 'ended by a content filter',
};

function Status({ turn, elapsedMs }: { turn: ChatTurn; elapsedMs: number | null }): ReactNode {
  const wait = elapsedMs === null ? null : toWait(turn, elapsedMs);
  const sinceLast = elapsedMs === null ? 0 : (elapsedMs - (turn.browser.lastTokenMs ?? 0)) / 1_000;
  const sinceHeard = elapsedMs === null ? 0 : (elapsedMs - (turn.browser.lastHeardMs ?? 0)) / 1_000;
  if (wait === 'stalled') {
    return (
      <>
        <StateMark state="warn" /> stalled: no token for {formatDecimal(sinceLast, 0)} s, the connection
        stands
      </>
    );
  }
  if (wait === 'silent') {
    return (
      <>
        <StateMark state="warn" /> silent: nothing from the dashboard for {formatDecimal(sinceHeard, 0)} s
      </>
    );
  }
  if (wait === 'first-token') return turn.start === null ? 'sending' : 'waiting for the first token';
  if (wait === 'flowing') return 'answering';
  if (turn.outcome.state !== 'ended')
    return turn.outcome.state === 'stopped' ? 'stopped' : 'no complete answer';
  const { finishReason } = turn.outcome.end;
  return FINISH_WORDS[finishReason] ?? `finish reason ${finishReason}`;
}

/** Under an answer: its first-token time as the hero, and the rest, in places that do not move. */
export function LaneFigures({
  turn,
  sentAtMs,
  mode,
}: {
  turn: ChatTurn;
  sentAtMs: number | null;
  mode: Mode;
}): ReactNode {
  const elapsedMs = useElapsedMs(sentAtMs);
  const figures = toTurnFigures(turn, mode);
  const isWaiting = isRunning(turn) && figures.firstToken.state === 'unknown';
  return (
    <div>
      <div className="grid grid-cols-[minmax(8.6rem,auto)_repeat(3,minmax(0,1fr))] items-end gap-x-3 stage:grid-cols-[10.4rem_repeat(3,minmax(0,1fr))] stage:gap-x-2">
        <div>
          {isWaiting && elapsedMs !== null ? (
            <WaitingClock elapsedMs={elapsedMs} />
          ) : (
            <FigureValue
              label="First token"
              figure={figures.firstToken}
              size="hero"
              unknownWord="none"
              {...inSeconds(figures.firstToken)}
            />
          )}
          <p className="text-small text-ink-soft">first token</p>
        </div>
        <Slot name="Inter-token latency (TPOT), mean" label="between tokens" figure={figures.interToken} />
        <Slot
          name="Tokens per second after the first"
          label="tokens/s"
          figure={figures.tokensPerSecond}
          showsUnit={false}
        />
        <Slot
          name="Cached prompt tokens"
          label="tokens cached"
          figure={figures.cachedTokens}
          showsUnit={false}
        />
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-x-[0.6em] text-small">
        <span aria-live="polite" className="inline-flex items-center gap-[0.4em] font-semibold">
          <Status turn={turn} elapsedMs={elapsedMs} />
        </span>
        <Count name="Prompt tokens" label="in" figure={figures.promptTokens} />
        <Count name="Output tokens" label="out" figure={figures.completionTokens} />
        <Count
          name="First token in this browser"
          label="in this browser"
          figure={figures.firstTokenInBrowser}
        />
      </p>
    </div>
  );
}
