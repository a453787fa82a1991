import { toChatBody } from '@/lib/domain/chat-body';
import { type ChatTurn, toMessages } from '@/lib/domain/chat-model';

/** Longer arguments are refused by many shells and systems (128 KiB on Linux). */
const MAX_BODY_CHARACTERS = 100_000;

/** One shell word, whatever is in it: inside single quotes only the single quote itself means something. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** JSON without a character that steers terminals or reading direction; what is left reads as it runs. */
function toPlainJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const UNVERIFIED =
  '# -k: the engines’ own certificate is self-signed and carries no names; the dashboard does not verify it here either';

/**
 * The question as a command for a shell; `null` before it was sent, and where it is too long for a command line. A key is
 * named (`$MODEL_API_KEY`), never written. The certificate is left unverified only where the dashboard did so.
 */
export function toEquivalentCurl(
  turn: ChatTurn,
  before: readonly ChatTurn[],
  { sendsKey, verifiesTls }: { sendsKey: boolean; verifiesTls: boolean },
): string | null {
  if (turn.start === null) return null;
  const { parameters } = turn.asked;
  const request = {
    arm: turn.start.arm,
    messages: toMessages(before, turn.prompt, turn.asked),
    temperature: parameters.temperature,
    maxTokens: parameters.maxTokens,
    ...(parameters.seed === null ? {} : { seed: parameters.seed }),
    ...(parameters.isFixedLength ? { ignoreEos: true } : {}),
  };
  const body = toPlainJson(toChatBody(request, turn.start.model, 'at-end'));
  if (body.length > MAX_BODY_CHARACTERS) return null;
  const command = [
    `curl --no-buffer --silent --show-error ${verifiesTls ? '' : '-k '}${quote(turn.start.url)}`,
    "-H 'Content-Type: application/json'",
    ...(sendsKey ? ['-H "Authorization: Bearer $MODEL_API_KEY"'] : []),
    `-d ${quote(body)}`,
  ].join(' \\\n  ');
  return verifiesTls ? command : `${UNVERIFIED}\n${command}`;
}
