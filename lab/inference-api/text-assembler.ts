import type { Token } from './tokenizer.ts';

export interface AssembledText {
  /** What may be sent now. */
  delta: string;
  /** The stop string that was met; the text ends before it. */
  stoppedBy: string | null;
}

/**
 * Turns tokens into text to send: holds back what could be the start of a stop string, as vLLM's detokenizer does.
 * `minTokens` tokens are produced before a stop string counts.
 */
export class TextAssembler {
  private readonly stopStrings: readonly string[];
  private readonly minTokens: number;
  private readonly heldBack: number;
  private text = '';
  private sentLength = 0;
  private tokenCount = 0;

  constructor(stopStrings: readonly string[], minTokens: number) {
    this.stopStrings = stopStrings;
    this.minTokens = minTokens;
    this.heldBack = Math.max(0, ...stopStrings.map((stop) => stop.length - 1));
  }

  push(token: Token): AssembledText {
    const searchFrom = Math.max(0, this.text.length - this.heldBack);
    this.text += token.text;
    this.tokenCount++;
    const stoppedBy = this.tokenCount > this.minTokens ? this.cutAtStop(searchFrom) : null;
    return { delta: this.take(stoppedBy === null ? this.heldBack : 0), stoppedBy };
  }

  /** What was held back, when the answer ends for another reason. */
  finish(): string {
    return this.take(0);
  }

  private cutAtStop(searchFrom: number): string | null {
    let earliest: { at: number; stop: string } | null = null;
    for (const stop of this.stopStrings) {
      const at = this.text.indexOf(stop, searchFrom);
      if (at >= 0 && (earliest === null || at < earliest.at)) earliest = { at, stop };
    }
    if (earliest === null) return null;
    this.text = this.text.slice(0, earliest.at);
    return earliest.stop;
  }

  private take(heldBack: number): string {
    const until = Math.max(this.sentLength, this.text.length - heldBack);
    const delta = this.text.slice(this.sentLength, until);
    this.sentLength = until;
    return delta;
  }
}
