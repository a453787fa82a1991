'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { FigureValue } from '@/components/ui/figure';
import { ProvenanceButton } from '@/components/ui/provenance';
import type { Sheet } from '@/components/ui/provenance-model';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { toVisibleCharacters } from '@/components/ui/visible-characters';
import { useElapsedMs } from '@/lib/client/use-elapsed';
import { type ChatTurn, isRunning, STALL_END_MS, toWait } from '@/lib/domain/chat-model';
import type { Figure } from '@/lib/domain/figure';
import type { Arm, Mode } from '@/lib/domain/vocabulary';
import { formatDecimal, formatSeconds, type QuantityText } from '@/lib/format/quantity';
import { TurnChart } from './turn-chart';
import { type TurnFigures, toMissingWord, toTurnFigures } from './turn-figures';

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
  unknownWord,
}: {
  label: string;
  figure: Figure;
  name: string;
  showsUnit?: boolean;
  unknownWord: string;
}): ReactNode {
  return (
    <div className="min-w-0">
      <FigureValue
        label={name}
        figure={figure}
        size="figure"
        showsUnit={showsUnit}
        unknownWord={unknownWord}
      />
      <p className="whitespace-nowrap text-ink-soft text-small">{label}</p>
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
    <span>
      <span aria-hidden="true">· </span>
      <FigureValue
        label={name}
        figure={figure}
        size="small"
        showsUnit={figure.unit === 'ms'}
        {...inSeconds(figure)}
      />{' '}
      {label}
    </span>
  );
}

const FINISH_WORDS: Record<string, string> = {
  stop: 'ended by itself',
  length: 'cut at the token limit',
  tool_calls: 'ended in a tool call',
  content_filter: 'ended by a content filter',
};

/** From here on the wait for the first token is said to be long, and Stop is offered in words (F51). */
const LONG_WAIT_MS = 30_000;
/** A pause between tokens shorter than this is the engine's own rhythm. */
const PAUSE_MS = 2_000;

function inWholeSeconds(milliseconds: number): string {
  return `${formatDecimal(milliseconds / 1_000, 0)} s`;
}

function Warning({ children }: { children: string }): ReactNode {
  return (
    <>
      <StateMark state="warn" /> {children}
    </>
  );
}

/** How a running answer goes: slow, paused and stuck are different words. */
function RunningStatus({ turn, elapsedMs }: { turn: ChatTurn; elapsedMs: number }): ReactNode {
  const wait = toWait(turn, elapsedMs);
  const sinceTokenMs = elapsedMs - (turn.browser.lastTokenMs ?? 0);
  switch (wait) {
    case 'warming-up':
      return 'warming up, not measured';
    case 'first-token':
      if (turn.start === null) return 'sending';
      return elapsedMs > LONG_WAIT_MS
        ? 'still waiting for the first token · Esc stops'
        : 'waiting for the first token';
    case 'flowing':
      return sinceTokenMs > PAUSE_MS
        ? `answering · last token ${inWholeSeconds(sinceTokenMs)} ago`
        : 'answering';
    case 'stalled':
      return (
        <Warning>
          {`stalled: no token for ${inWholeSeconds(sinceTokenMs)}, ended at ${inWholeSeconds(STALL_END_MS)}`}
        </Warning>
      );
    case 'silent':
      return (
        <Warning>
          {`connection silent: nothing from the dashboard for ${inWholeSeconds(elapsedMs - (turn.browser.lastHeardMs ?? 0))}`}
        </Warning>
      );
    case null:
      return null;
    default:
      return wait satisfies never;
  }
}

/** How an answer ended. */
function toEndWords(turn: ChatTurn): string {
  if (turn.outcome.state === 'stopped') return 'stopped';
  if (turn.outcome.state !== 'ended') return 'no complete answer';
  const { finishReason } = turn.outcome.end;
  return FINISH_WORDS[finishReason] ?? `finish reason ${finishReason}`;
}

/** How it goes or ended, and what it cost; what does not fit into the one line is left out from its end. */
function StatusLine({
  turn,
  elapsedMs,
  figures,
  sheet,
}: {
  turn: ChatTurn;
  elapsedMs: number | null;
  figures: TurnFigures;
  sheet: () => Sheet;
}): ReactNode {
  return (
    <p className="flex h-[1.35em] flex-wrap items-baseline gap-x-[0.35em] overflow-hidden whitespace-nowrap text-small">
      <span aria-live="polite" className="inline-flex items-center gap-[0.4em] font-semibold">
        {isRunning(turn) ? (
          <RunningStatus turn={turn} elapsedMs={elapsedMs ?? 0} />
        ) : (
          <ProvenanceButton sheet={sheet}>
            <UntrustedText text={toVisibleCharacters(toEndWords(turn))} max={60} />
          </ProvenanceButton>
        )}
      </span>
      <Count name="Prompt tokens" label="in" figure={figures.promptTokens} />
      <Count name="Output tokens" label="out" figure={figures.completionTokens} />
      <Count
        name="First token in this browser"
        label="in this browser"
        figure={figures.firstTokenInBrowser}
      />
    </p>
  );
}

/** Under an answer: its first-token time as the hero, and the rest, in places that do not move. */
export function LaneFigures({
  name,
  arm,
  turns,
  turn,
  sentAtMs,
  mode,
  sheet,
}: {
  /** The lane's. */
  name: string;
  arm: Arm;
  turns: readonly ChatTurn[];
  turn: ChatTurn;
  sentAtMs: number | null;
  mode: Mode;
  /** Of this answer. */
  sheet: () => Sheet;
}): ReactNode {
  const elapsedMs = useElapsedMs(sentAtMs);
  const figures = toTurnFigures(turn, mode);
  const missingWord = toMissingWord(turn);
  const isWaiting =
    isRunning(turn) && turn.outcome.state !== 'warming-up' && figures.firstToken.state === 'unknown';
  return (
    <div className="grid gap-x-4 gap-y-1 @min-[32rem]:grid-cols-[auto_minmax(0,1fr)] stage:gap-x-[0.45rem] stage:[--type-hero:3rem]">
      <div className="w-[9.5rem] stage:w-[8.6rem]">
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
      <div className="flex min-w-0 flex-col justify-between">
        <div className="grid grid-cols-[5.8rem_4.4rem_6rem_minmax(0,1fr)] items-end gap-x-2 stage:grid-cols-[4.9rem_3.3rem_5.4rem_minmax(0,1fr)] stage:gap-x-[0.45rem]">
          <Slot
            name="Inter-token latency (TPOT), mean"
            label="between tokens"
            figure={figures.interToken}
            unknownWord={figures.completionTokens.state === 'known' ? '–' : missingWord}
          />
          <Slot
            name="Tokens per second after the first"
            label="tokens/s"
            figure={figures.tokensPerSecond}
            showsUnit={false}
            unknownWord="–"
          />
          <Slot
            name="Cached prompt tokens"
            label="tokens cached"
            figure={figures.cachedTokens}
            showsUnit={false}
            unknownWord={missingWord}
          />
          <TurnChart name={name} color={ARM_LOOKS[arm].stroke} turns={turns} mode={mode} />
        </div>
        <StatusLine turn={turn} elapsedMs={elapsedMs} figures={figures} sheet={sheet} />
      </div>
    </div>
  );
}
