import {
  type ChatTurn,
  firstTokenMs,
  isRunning,
  type TurnOutcome,
  toMeasured,
  toReceived,
} from '@/lib/domain/chat-model';
import { type Figure, type Provenance, toFigure } from '@/lib/domain/figure';
import type { Mode } from '@/lib/domain/vocabulary';

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
  cachedTokens:
    'Prompt tokens found in the prefix cache, as the engine reports them (usage.prompt_tokens_details). vLLM reports them only with --enable-prompt-tokens-details.',
};

/** Whether a figure is of the whole answer, or of what has arrived. */
const EXTENT: Record<TurnOutcome['state'], string> = {
  'warming-up': '',
  submitted: '',
  streaming: ' So far: the answer still runs.',
  ended: '',
  stopped: ' Of what had arrived when it was stopped.',
  failed: ' Of what had arrived when it broke off.',
  lost: ' Of what had arrived when the connection broke off.',
};

/** In place of a number that only the engine can tell: a dash while it may still come, and where it was given no time to tell. */
export function toMissingWord(turn: ChatTurn): '–' | 'not reported' {
  return turn.outcome.state === 'ended' && turn.timing.firstDeltaAtMs !== null ? 'not reported' : '–';
}

/** Why a number that only the engine can tell is not here: that it reports none is known only of an answer heard to its end. */
export function whyNotReported(turn: ChatTurn): string {
  if (isRunning(turn)) return 'reported when the answer has ended';
  return turn.outcome.state === 'ended'
    ? 'the engine did not report it'
    : 'the answer was over before the engine’s report';
}

function whyNoSpeed(turn: ChatTurn, tokens: number | null): string {
  if (turn.outcome.state === 'ended' && tokens === null) {
    return 'the engine did not report how many tokens it wrote';
  }
  if (turn.timing.firstDeltaAtMs === null) return isRunning(turn) ? 'no token yet' : 'no token came';
  if (tokens === null) {
    return isRunning(turn)
      ? 'the engine reports its tokens when the answer has ended'
      : 'the engine had not reported its tokens yet';
  }
  return tokens < 2 ? 'a single token has no other to measure to' : 'all tokens came at one instant';
}

/** Every number under an answer, with how we know it. */
export function toTurnFigures(turn: ChatTurn, mode: Mode): TurnFigures {
  const measured = toMeasured(turn);
  const received = toReceived(turn);
  const extent = EXTENT[turn.outcome.state];
  const because = whyNotReported(turn);
  const provenance = (note: string, sampleCount: number | null = null): Provenance => ({
    mode,
    source: 'chat',
    request: turn.start === null ? 'POST /api/chat' : `POST ${turn.start.url} (model ${turn.start.model})`,
    observedAt: turn.start?.sentAt ?? turn.askedAt,
    sampleCount,
    note,
  });
  const tokens = measured?.completionTokens ?? turn.tokensSoFar;
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
      measured?.meanItlMs ?? received.meanItlMs,
      'ms',
      provenance(DEFINITIONS.interToken + extent, gaps),
      whyNoSpeed(turn, tokens),
    ),
    tokensPerSecond: toFigure(
      measured?.tokensPerSecond ?? received.tokensPerSecond,
      'tokens/s',
      provenance(DEFINITIONS.tokensPerSecond + extent, gaps),
      whyNoSpeed(turn, tokens),
    ),
    promptTokens: toFigure(
      measured?.promptTokens ?? null,
      'tokens',
      provenance(DEFINITIONS.promptTokens),
      because,
    ),
    completionTokens: toFigure(tokens, 'tokens', provenance(DEFINITIONS.completionTokens + extent), because),
    cachedTokens: toFigure(
      measured?.cachedPromptTokens ?? null,
      'tokens',
      provenance(DEFINITIONS.cachedTokens),
      because,
    ),
  };
}
