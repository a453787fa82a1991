import 'server-only';

/** Who takes the bytes of an answer. At most one of `onEnd` and `onError` comes, and nothing after it. */
export interface BodyReader {
  onBytes(bytes: Buffer): void;
  onEnd(): void;
  onError(): void;
}

/** The body of an answer under way. */
export interface AnswerBody {
  /** Hands over what came so far, and each further piece in the turn in which it comes. The reader last given takes all. */
  readWith(reader: BodyReader): void;
}

/** The side that fills it. */
export interface AnswerBodySource extends AnswerBody {
  push(bytes: Buffer): void;
  end(): void;
  fail(): void;
}

/** Keeps the first pieces until somebody reads: the status line and the first token may come in one packet. */
export function createAnswerBody(): AnswerBodySource {
  let reader: BodyReader | null = null;
  let early: Buffer[] = [];
  let over: 'onEnd' | 'onError' | null = null;

  const close = (how: 'onEnd' | 'onError'): void => {
    if (over !== null) return;
    over = how;
    reader?.[how]();
  };

  return {
    push: (bytes) => {
      if (reader === null) early.push(bytes);
      else reader.onBytes(bytes);
    },
    end: () => close('onEnd'),
    fail: () => close('onError'),
    readWith(next) {
      reader = next;
      const waiting = early;
      early = [];
      for (const bytes of waiting) reader.onBytes(bytes);
      if (over !== null) reader[over]();
    },
  };
}

/** The whole body as text; `null` where it breaks or is larger. */
export function readText(body: AnswerBody, limitBytes: number): Promise<string | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let sizeBytes = 0;
    body.readWith({
      onBytes: (bytes) => {
        sizeBytes += bytes.length;
        if (sizeBytes > limitBytes) resolve(null);
        else pieces.push(bytes);
      },
      onEnd: () => resolve(Buffer.concat(pieces).toString('utf8')),
      onError: () => resolve(null),
    });
  });
}
