import type { Sheet, SheetRow } from '@/components/ui/provenance-model';
import { MODE_WORDS } from '@/components/ui/provenance-model';
import { type ChatTurn, firstTokenMs, isRunning, toMeasured } from '@/lib/domain/chat-model';
import type { Mode } from '@/lib/domain/vocabulary';
import { formatQuantityLine } from '@/lib/format/quantity';

/** Turns that still read as bars; older ones are left out of the picture. */
export const MAX_BARS = 12;

export interface TurnBar {
  /** Place in the conversation, from 1. */
  number: number;
  /** `null`: no token came, or none yet. */
  firstTokenMs: number | null;
  /** Its first token may still come. */
  isWaiting: boolean;
  /** Share of the highest bar. */
  heightRatio: number;
  isLatest: boolean;
}

/** First-token times of the turns of one conversation: a warm prefix cache shows as a drop after the first bar. */
export function toTurnBars(turns: readonly ChatTurn[]): TurnBar[] {
  const shown = turns.slice(-MAX_BARS);
  const highest = Math.max(1, ...shown.map((turn) => firstTokenMs(turn) ?? 0));
  return shown.map((turn, index) => {
    const time = firstTokenMs(turn);
    return {
      number: turns.length - shown.length + index + 1,
      firstTokenMs: time,
      isWaiting: time === null && isRunning(turn),
      heightRatio: time === null ? 0 : time / highest,
      isLatest: index === shown.length - 1,
    };
  });
}

function toRow(turn: ChatTurn, number: number): SheetRow {
  const measured = toMeasured(turn);
  const first = firstTokenMs(turn);
  const tokens = measured?.promptTokens ?? null;
  const cached = measured?.cachedPromptTokens ?? null;
  const parts = [
    first === null
      ? isRunning(turn)
        ? 'no token yet'
        : 'no token came'
      : `${formatQuantityLine(first, 'ms')} to the first token`,
    ...(turn.outcome.state === 'ended' || tokens !== null ? toTokenWords(tokens, cached) : []),
  ];
  return { kind: 'text', name: `Turn ${number}`, value: parts.join(' · ') };
}

function toTokenWords(tokens: number | null, cached: number | null): string[] {
  return [
    tokens === null ? 'prompt tokens not reported' : `${formatQuantityLine(tokens, '')} prompt tokens`,
    cached === null ? 'cached: not reported' : `${formatQuantityLine(cached, '')} of them cached`,
  ];
}

/** The same as numbers, with what each turn had to read. */
export function toTurnChartSheet(name: string, turns: readonly ChatTurn[], mode: Mode): Sheet {
  return {
    title: `${name}: first token per turn`,
    lead: `${MODE_WORDS[mode]} · measured at the dashboard’s server`,
    sections: [
      { heading: null, rows: turns.map((turn, index) => toRow(turn, index + 1)) },
      {
        heading: null,
        rows: [
          {
            kind: 'text',
            name: 'Meaning',
            value:
              'Each turn sends the conversation so far. With its prefix in the cache only the new question is read, and the first token comes sooner although the prompt is longer.',
          },
        ],
      },
    ],
  };
}
