import { type ChatTurn, firstTokenMs, isRunning, toMeasured } from '@/lib/domain/chat-model';
import { type Figure, type Provenance, toFigure } from '@/lib/domain/figure';
import type { Mode, UsedPath } from '@/lib/domain/vocabulary';
import type { ServedBy } from './served-by';

export interface TurnFigures {
  firstToken: Figure;
  /** The same moment seen from this browser: network and page included. */
  firstTokenInBrowser: Figure;
  interToken: Figure;
  tokensPerSecond: Figure;
  promptTokens: Figure;
  completionTokens: Figure;
  cachedTokens: Figure;
}

const DEFINITIONS = {
  firstToken:
    'Measured at the dashboard’s server: from sending the request that was answered to the first non-empty text. Browser and Wi-Fi are not in it.',
  browser:
    'Measured in this browser: from sending the question to the first text shown. Network and this page are in it.',
  interToken:
    'Mean over the answer: (last − first arrival) ÷ (tokens − 1), tokens as the engine counted them. The wait for the first token is not in it.',
  tokensPerSecond: '1 ÷ inter-token latency: the speed after the first token, as one user sees it.',
  promptTokens: 'As the engine counted them (usage), conversation included.',
  completionTokens: 'As the engine counted them (usage); not the number of chunks.',
  cachedTokens: 'Prompt tokens found in the prefix cache, as the engine reports them.',
};

/** Every number under an answer, with how we know it. */
export function toTurnFigures(turn: ChatTurn, mode: Mode): TurnFigures {
  const measured = toMeasured(turn);
  const because = isRunning(turn) ? 'measured when the answer has ended' : 'the engine did not report it';
  const provenance = (note: string, sampleCount: number | null = null): Provenance => ({
    mode,
    source: 'chat',
    request: turn.start === null ? 'POST /api/chat' : `POST ${turn.start.url} (model ${turn.start.model})`,
    observedAt: turn.askedAt,
    sampleCount,
    note,
  });
  const tokens = measured?.completionTokens ?? null;
  const gaps = tokens === null ? null : Math.max(0, tokens - 1);
  return {
    firstToken: toFigure(
      firstTokenMs(turn),
      'ms',
      provenance(DEFINITIONS.firstToken, 1),
      isRunning(turn) ? 'no token yet' : 'no token came',
    ),
    firstTokenInBrowser: toFigure(
      turn.browser.firstTokenMs,
      'ms',
      {
        ...provenance(DEFINITIONS.browser, 1),
        source: 'browser',
        request: 'performance.now() around POST /api/chat',
      },
      'no token came',
    ),
    interToken: toFigure(
      measured?.meanItlMs ?? null,
      'ms',
      provenance(DEFINITIONS.interToken, gaps),
      because,
    ),
    tokensPerSecond: toFigure(
      measured?.tokensPerSecond ?? null,
      'tokens/s',
      provenance(DEFINITIONS.tokensPerSecond, gaps),
      because,
    ),
    promptTokens: toFigure(
      measured?.promptTokens ?? null,
      'tokens',
      provenance(DEFINITIONS.promptTokens),
      because,
    ),
    completionTokens: toFigure(tokens, 'tokens', provenance(DEFINITIONS.completionTokens), because),
    cachedTokens: toFigure(
      measured?.cachedPromptTokens ?? null,
      'tokens',
      provenance(DEFINITIONS.cachedTokens),
      because,
    ),
  };
}

const PATH_WORDS: Record<UsedPath, string> = {
  gateway: 'Gateway',
  route: 'Route',
  service: 'Service',
  override: 'configured URL',
};

/** The way the answer took, in words: `Gateway → picker → rv4xr`. */
export function toPathWords(turn: ChatTurn, servedBy: ServedBy | null): string {
  if (turn.start === null) return '';
  const { path, schedulerInPath } = turn.start;
  const seen = toMeasured(turn)?.schedulerSeen ?? null;
  const parts = [PATH_WORDS[path]];
  if (seen === true || (seen === null && schedulerInPath === true)) parts.push('picker');
  if (servedBy !== null) parts.push(servedBy.pod.split('-').at(-1) ?? servedBy.pod);
  return parts.join(' → ');
}

/** Whether the answer went round the picker. `null`: not known, or the arm has none in any case. */
export function isSchedulerBypassed(turn: ChatTurn): boolean {
  if (turn.start === null || turn.start.arm !== 'distributed') return false;
  const seen = toMeasured(turn)?.schedulerSeen ?? null;
  return seen === false || (seen === null && turn.start.schedulerInPath === false);
}
