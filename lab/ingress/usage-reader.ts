/** Token counts from an answer as it passes: the last `usage` of a JSON body or of a stream's events. */

export interface UsageReader {
  add(bytes: Buffer): void;
  read(): { promptTokens: number | null; completionTokens: number | null; cachedTokens: number | null };
}

/** Usage comes last in both forms, so the end of the body is enough. */
const TAIL_BYTES = 4096;

function lastNumber(text: string, field: string): number | null {
  const matches = [...text.matchAll(new RegExp(`"${field}":\\s*(\\d+)`, 'g'))];
  const last = matches.at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

export function createUsageReader(): UsageReader {
  let tail = Buffer.alloc(0);
  return {
    add: (bytes) => {
      const joined = Buffer.concat([tail, bytes]);
      tail = joined.subarray(Math.max(0, joined.length - TAIL_BYTES));
    },
    read: () => {
      const text = tail.toString('utf8');
      return {
        promptTokens: lastNumber(text, 'prompt_tokens'),
        completionTokens: lastNumber(text, 'completion_tokens'),
        cachedTokens: lastNumber(text, 'cached_tokens'),
      };
    },
  };
}
