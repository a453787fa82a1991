import type { Sheet, SheetRow, SheetSection } from '@/components/ui/provenance-model';
import { MODE_WORDS } from '@/components/ui/provenance-model';
import { type ChatTurn, firstTokenMs, toMeasured, toReceived } from '@/lib/domain/chat-model';
import { toParameterWords } from '@/lib/domain/chat-parameters';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import type { Mode } from '@/lib/domain/vocabulary';
import { formatQuantityLine } from '@/lib/format/quantity';
import { countOf } from '@/lib/format/words';
import { toEquivalentCurl } from './equivalent-curl';
import type { ServedBy } from './served-by';
import { whyNotReported } from './turn-figures';
import { toPathWords, toPickerSight, whyBypassed } from './turn-way';

const NOT_MEASURED = 'not measured';

function text(name: string, value: string): SheetRow {
  return { kind: 'text', name, value };
}

function quantity(name: string, value: number | null, unit: string, otherwise: string): SheetRow {
  return text(name, value === null ? otherwise : formatQuantityLine(value, unit));
}

const PICKER_WORDS: Record<ReturnType<typeof toPickerSight>, string> = {
  seen: 'seen: its mark is on the answer (x-went-into-resp-headers)',
  missed: 'not seen',
  unmarked: 'not seen; whether the way leads through it is not known',
  bypassed: 'bypassed',
  expected: 'on this path; not seen in an answer yet',
  none: 'none on this path, or not known',
};

function toWaySection(turn: ChatTurn, facts: LaneFacts | null, servedBy: ServedBy | null): SheetSection {
  const why = whyBypassed(turn, facts);
  const attempts = toMeasured(turn)?.attempts ?? null;
  return {
    heading: 'The way',
    rows: [
      text('Path', turn.start === null ? 'not sent yet' : toPathWords(turn, servedBy)),
      text('Asked for', turn.asked.path === null ? 'the best path' : `the ${turn.asked.path}`),
      text('Picker', PICKER_WORDS[toPickerSight(turn)]),
      ...(why === null ? [] : [text('Because', why.long)]),
      text(
        'Serving pod',
        servedBy === null
          ? 'unknown: no header names it, and no counter has told it apart'
          : `${servedBy.pod} (known by ${servedBy.method})`,
      ),
      ...(turn.retry === null ? [] : [text('Asked again', turn.retry.reason)]),
      ...(attempts === null ? [] : [text('Requests sent', String(attempts))]),
      ...(turn.start === null
        ? []
        : [
            { kind: 'code', name: 'Address', value: turn.start.url } satisfies SheetRow,
            { kind: 'code', name: 'Request id', value: turn.start.requestId } satisfies SheetRow,
            text('Engine', turn.start.engineVersion ?? 'version not known'),
          ]),
    ],
  };
}

function toServerSection(turn: ChatTurn): SheetSection {
  const measured = toMeasured(turn);
  const received = toReceived(turn);
  const skewMs = turn.start?.startSkewMs ?? null;
  return {
    heading: 'Times at the dashboard’s server',
    rows: [
      quantity('First token', firstTokenMs(turn), 'ms', NOT_MEASURED),
      quantity('Between tokens', measured?.meanItlMs ?? received.meanItlMs, 'ms', NOT_MEASURED),
      quantity(
        'Tokens per second',
        measured?.tokensPerSecond ?? received.tokensPerSecond,
        'tokens/s',
        NOT_MEASURED,
      ),
      quantity('Last token', turn.timing.lastDeltaAtMs, 'ms', NOT_MEASURED),
      quantity('Whole answer', measured?.e2eMs ?? null, 'ms', NOT_MEASURED),
      ...(skewMs === null ? [] : [quantity('Start, apart from the other lane', skewMs, 'ms', NOT_MEASURED)]),
      ...(turn.start === null
        ? []
        : [{ kind: 'time', name: 'Sent', value: turn.start.sentAt } satisfies SheetRow]),
    ],
  };
}

function toBrowserSection(turn: ChatTurn): SheetSection {
  return {
    heading: 'Times in this browser, network and page included',
    rows: [
      quantity('First token', turn.browser.firstTokenMs, 'ms', NOT_MEASURED),
      quantity('Last token', turn.browser.lastTokenMs, 'ms', NOT_MEASURED),
    ],
  };
}

function toRelaySection(turn: ChatTurn): SheetSection {
  const relay = toMeasured(turn)?.relay ?? null;
  return {
    heading: 'What this dashboard added, from the engine’s bytes to its own',
    rows:
      relay === null
        ? [text('Relay', NOT_MEASURED)]
        : [
            quantity('Half of the chunks within', relay.p50Ms, 'ms', NOT_MEASURED),
            quantity('99 of 100 within', relay.p99Ms, 'ms', NOT_MEASURED),
            quantity('Longest', relay.maxMs, 'ms', NOT_MEASURED),
            text('Chunks', String(relay.chunks)),
          ],
  };
}

function toTokenSection(turn: ChatTurn): SheetSection {
  const measured = toMeasured(turn);
  const finish = turn.outcome.state === 'ended' ? turn.outcome.end.finishReason : null;
  const notReported = `not known: ${whyNotReported(turn)}`;
  return {
    heading: 'Tokens, as the engine counted them',
    rows: [
      quantity('In', measured?.promptTokens ?? null, '', notReported),
      quantity('Of these cached', measured?.cachedPromptTokens ?? null, '', notReported),
      quantity('Out', measured?.completionTokens ?? turn.tokensSoFar, '', notReported),
      text('Arrivals', countOf(turn.arrivalsMs.length, 'chunk')),
      text('Finish reason', finish ?? 'none came'),
    ],
  };
}

function toAskedSection(turn: ChatTurn): SheetSection {
  const { parameters, isWarm, system, coldLine } = turn.asked;
  return {
    heading: 'Asked with',
    rows: [
      text('Parameters', toParameterWords(parameters, isWarm).join(', ')),
      text('System prompt', system === null ? 'none' : shorten(system)),
      ...(coldLine === null ? [] : [text('First line', coldLine)]),
      text('Question', shorten(turn.prompt)),
    ],
  };
}

function shorten(words: string): string {
  return words.length <= 300 ? words : `${words.slice(0, 300)}… (${words.length} characters)`;
}

/** Everything known about one answer, and the command that asks the same. */
export function toTurnSheet({
  name,
  turn,
  before,
  facts,
  servedBy,
  mode,
}: {
  /** The lane's name. */
  name: string;
  turn: ChatTurn;
  /** The turns before it: they were sent along. */
  before: readonly ChatTurn[];
  facts: LaneFacts | null;
  servedBy: ServedBy | null;
  mode: Mode;
}): Sheet {
  // An address that the lane no longer has is not known to be unverified.
  const path = facts?.paths.find(({ url }) => url === turn.start?.url);
  const curl = toEquivalentCurl(turn, before, {
    sendsKey: facts?.sendsKey ?? false,
    verifiesTls: path?.verifiesTls ?? true,
    trustsOwnCa: facts?.trustsOwnCa ?? false,
    connectsInsteadOfPort: path?.connectsInsteadOfPort ?? null,
  });
  return {
    title: `${name}: how it answered`,
    lead: `${MODE_WORDS[mode]} · ${turn.asked.title ?? shorten(turn.prompt)}`,
    sections: [
      toServerSection(turn),
      toTokenSection(turn),
      toWaySection(turn, facts, servedBy),
      toBrowserSection(turn),
      toRelaySection(turn),
      toAskedSection(turn),
      {
        heading: 'The same from a shell',
        rows: [
          curl === null
            ? text(
                'curl',
                turn.start === null
                  ? 'known when it was sent'
                  : 'too long for a command line, or the turns before it are not kept any more',
              )
            : { kind: 'code', name: 'curl', value: curl },
        ],
      },
    ],
  };
}
