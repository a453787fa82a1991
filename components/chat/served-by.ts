import { type ChatTurn, toMeasured } from '@/lib/domain/chat-model';

export interface ServedBy {
  pod: string;
  /** How it is known. */
  method: string;
}

/** How it is known, in the few words before the first `:` or `,`. */
export function toShortMethod({ method }: ServedBy): string {
  return method.split(/[:,]/)[0] ?? method;
}

/** Who answered: from the answer's own header, or as it was found out later; `null` when it is not known. */
export function toServedBy(
  turn: ChatTurn,
  foundLater: readonly { requestId: string; pod: string; method: string }[],
): ServedBy | null {
  const fromAnswer = toMeasured(turn)?.servedBy ?? null;
  if (fromAnswer !== null) return fromAnswer;
  const later = foundLater.findLast(({ requestId }) => requestId === turn.start?.requestId);
  return later === undefined ? null : { pod: later.pod, method: later.method };
}
