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

/** How the dashboard gets to an address; its own settings are named, since an address or a file of its machine is nobody's business. */
export interface CurlWay {
  sendsKey: boolean;
  verifiesTls: boolean;
  trustsOwnCa: boolean;
  connectsInsteadOfPort: number | null;
}

function toOwnSettings(url: string, way: CurlWay): { options: string[]; names: string[] } {
  const usesCa = way.trustsOwnCa && way.verifiesTls && url.startsWith('https:');
  const port = way.connectsInsteadOfPort;
  return {
    options: [
      ...(usesCa ? ['--cacert "$MODEL_CA_FILE"'] : []),
      ...(port === null
        ? []
        : [`--connect-to "::$(echo "$INGRESS_CONNECT_TO" | tr , '\\n' | sed -n s/^${port}=//p)"`]),
    ],
    names: [...(usesCa ? ['$MODEL_CA_FILE'] : []), ...(port === null ? [] : ['$INGRESS_CONNECT_TO'])],
  };
}

/**
 * The question as a command for a shell, with the body that was sent; `null` before it was sent, where it is too long for a
 * command line, and where earlier turns that were sent along are not kept any more. A key is named (`$MODEL_API_KEY`), never written. The certificate is left unverified only where the dashboard
 * did so.
 */
export function toEquivalentCurl(turn: ChatTurn, before: readonly ChatTurn[], way: CurlWay): string | null {
  if (turn.start === null) return null;
  const { parameters, messageCount } = turn.asked;
  const messages = toMessages(before, turn.prompt, turn.asked);
  // The oldest turns leave the page; a question without what was said before it is another one.
  if (messageCount !== null && messages.length !== messageCount) return null;
  const request = {
    arm: turn.start.arm,
    messages,
    temperature: parameters.temperature,
    maxTokens: parameters.maxTokens,
    ...(parameters.seed === null ? {} : { seed: parameters.seed }),
    ...(parameters.isFixedLength ? { ignoreEos: true } : {}),
  };
  const usage = turn.retry?.usageReports ?? turn.start.usageReports;
  const body = toPlainJson(toChatBody(request, turn.start.model, usage));
  if (body.length > MAX_BODY_CHARACTERS) return null;
  const own = toOwnSettings(turn.start.url, way);
  const command = [
    `curl --no-buffer --silent --show-error ${way.verifiesTls ? '' : '-k '}${quote(turn.start.url)}`,
    ...own.options,
    "-H 'Content-Type: application/json'",
    ...(way.sendsKey ? ['-H "Authorization: Bearer $MODEL_API_KEY"'] : []),
    `-d ${quote(body)}`,
  ].join(' \\\n  ');
  return [
    ...(way.verifiesTls ? [] : [UNVERIFIED]),
    ...(own.names.length === 0 ? [] : [`# ${own.names.join(', ')}: as they are set for the dashboard`]),
    command,
  ].join('\n');
}
