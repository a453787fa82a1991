import { DEFAULT_MAX_TOKENS, MAX_TOKENS } from './chat-body';

/** What a question is asked with, the same in every lane: what makes a race one. */
export interface ChatParameters {
  temperature: number;
  /** `null`: the engine draws its own. */
  seed: number | null;
  maxTokens: number;
  /** The engine goes on to `maxTokens` past its own end: both lanes have the same work. */
  isFixedLength: boolean;
  /** A unique first line, so that no prefix of the prompt is in a cache. */
  isCold: boolean;
  /** One unmeasured token per lane before the start: connections, and what an engine does once. */
  warmsUp: boolean;
}

export const DEFAULT_PARAMETERS: ChatParameters = {
  temperature: 0,
  seed: null,
  maxTokens: DEFAULT_MAX_TOKENS,
  isFixedLength: false,
  isCold: false,
  warmsUp: false,
};

/** Bounds of POST /api/chat. */
export const MAX_TEMPERATURE = 2;
export const MAX_SEED = 2_147_483_647;

function parseNumber(text: string | null, least: number, most: number): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= least && value <= most ? value : null;
}

/** What a person typed or an address says, where it is one; else `null`. */
export function parseTemperature(text: string | null): number | null {
  return parseNumber(text, 0, MAX_TEMPERATURE);
}

export function parseSeed(text: string | null): number | null {
  const seed = parseNumber(text, 0, MAX_SEED);
  return seed !== null && Number.isInteger(seed) ? seed : null;
}

export function parseMaxTokens(text: string | null): number | null {
  const tokens = parseNumber(text, 1, MAX_TOKENS);
  return tokens !== null && Number.isInteger(tokens) ? tokens : null;
}

/**
 * The parameters in the words of one line: `temperature 0, exactly 256 tokens, cold prompt`. `isWarm`: how the warm-up went,
 * where one was asked for; `null` before it is over, `'differs'` where it went otherwise in the other lane.
 */
export function toParameterWords(parameters: ChatParameters, isWarm: boolean | null | 'differs'): string[] {
  return [
    `temperature ${parameters.temperature}`,
    ...(parameters.seed === null ? [] : [`seed ${parameters.seed}`]),
    `${parameters.isFixedLength ? 'exactly' : 'at most'} ${parameters.maxTokens} tokens`,
    ...(parameters.isCold ? ['cold prompt (unique first line)'] : []),
    ...(parameters.warmsUp && isWarm !== 'differs' ? [toWarmUpWords(isWarm)] : []),
  ];
}

function toWarmUpWords(isWarm: boolean | null): string {
  if (isWarm === null) return 'with a warm-up';
  return isWarm ? 'warmed up' : 'warm-up failed';
}
