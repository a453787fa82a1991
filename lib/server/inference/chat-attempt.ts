import 'server-only';
import type { UsageReports } from '@/lib/domain/chat-body';
import type { Clock } from '@/lib/server/clock';
import { StopReason } from '@/lib/server/http/stop-reason';
import { type AnswerBody, readText } from './answer-body';
import { type AnswerLimits, startWatchdog } from './answer-watchdog';
import { type AnswerDelta, type AnswerState, NO_ANSWER_YET, readAnswer } from './read-answer';
import { type ChatAnswer, type ChatTarget, headerOf, isEventStream, sendChat } from './send-chat';
import { failure, failureOfAnswer, failureOfConnection, type UpstreamFailure } from './upstream-failure';

/** A refusal's body is only looked at to recognise it. */
const MAX_REFUSAL_BYTES = 64 * 1024;
/** How long a connection may take to end after the answer before it is closed instead of reused. */
const DRAIN_MS = 2_000;

/** The few response headers that tell something; all others stay here. */
export interface AnswerHeaders {
  status: number;
  /** The endpoint picker has processed this answer (metrics §10.3). */
  schedulerSeen: boolean;
  /** Only simulators name the pod. */
  servedBy: { pod: string; method: string } | null;
  /** The lab introduces itself (contract). */
  isLab: boolean;
  /** How long the endpoint asks to wait. */
  retryAfterSeconds: number | null;
}

export type LesserReports = Exclude<UsageReports, 'continuous'>;

export interface AttemptResult {
  headers: AnswerHeaders | null;
  state: AnswerState;
  endedAtMs: number;
  failure: UpstreamFailure | null;
  /** Refused for the usage reports asked for, which not every server knows; what to ask for instead. */
  takesUsage: LesserReports | null;
}

export interface Attempt {
  /** On the monotonic clock; all times of the answer count from here. */
  sentAtMs: number;
  /** Waits for the answer and reads it. Rejects only when `onDelta` throws. */
  finish(): Promise<AttemptResult>;
}

export interface AttemptOptions {
  clock: Clock;
  limits: AnswerLimits;
  signal: AbortSignal;
  model: string;
  onDelta: (delta: AnswerDelta) => void;
}

export function wordsOfStop({ reason }: AbortSignal): string {
  return reason instanceof StopReason ? reason.message : 'Stopped.';
}

/** Sends one request now. Whatever ends it early closes its connection at once. */
export function startAttempt(target: ChatTarget, body: string, options: AttemptOptions): Attempt {
  const { clock, signal } = options;
  const sent = sendChat(target, body, clock);
  const elapsedMs = () => clock.monotonic() - sent.sentAtMs;
  /** Why we ended it ourselves. */
  let ownReason: UpstreamFailure | null = null;
  const endWith = (reason: UpstreamFailure): void => {
    ownReason ??= reason;
    sent.abort();
  };
  const onAbort = () => endWith(failure('aborted', wordsOfStop(signal)));
  const watchdog = startWatchdog(clock, options.limits, endWith);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });

  const nothing = (reason: UpstreamFailure, headers: AnswerHeaders | null = null): AttemptResult => ({
    headers,
    state: NO_ANSWER_YET,
    endedAtMs: elapsedMs(),
    failure: ownReason ?? reason,
    takesUsage: null,
  });

  async function exchange(): Promise<AttemptResult> {
    let answer: ChatAnswer;
    try {
      answer = await sent.answer;
    } catch (error) {
      return nothing(failureOfConnection(error));
    }
    const headers = toHeaders(answer);
    if (answer.status !== 200) {
      const text = await readText(answer.body, MAX_REFUSAL_BYTES);
      // An unreadable or endless refusal is one without text.
      if (text === null) sent.abort();
      const refusal = failureOfAnswer(
        {
          status: answer.status,
          retryAfter: headerOf(answer.headers, 'retry-after'),
          contentType: headerOf(answer.headers, 'content-type') ?? '',
          body: text ?? '',
        },
        options.model,
      );
      return {
        ...nothing(refusal, headers),
        takesUsage: refusal.code === 'rejected' ? toTakenUsage(text ?? '') : null,
      };
    }
    if (!isEventStream(answer)) {
      sent.abort();
      return nothing(
        failure('not-a-stream', 'The endpoint answered 200, but not with a stream of tokens.', 200),
        headers,
      );
    }
    const {
      state,
      endedAtMs,
      failure: broken,
    } = await readAnswer(answer.body, {
      elapsedMs,
      onDelta: options.onDelta,
      onFrame: watchdog.heard,
    });
    // A whole answer stays whole, also when Stop comes with its last byte.
    const reason = broken === null ? null : (ownReason ?? broken);
    if (reason === null) closeUnlessDrained(answer.body, sent.abort, clock);
    else sent.abort();
    return { headers, state, endedAtMs, failure: reason, takesUsage: null };
  }

  return {
    sentAtMs: sent.sentAtMs,
    finish: () =>
      exchange()
        .catch((error: unknown) => {
          sent.abort();
          throw error;
        })
        .finally(() => {
          watchdog.stop();
          signal.removeEventListener('abort', onAbort);
        }),
  };
}

/** A refusal that names `continuous_usage_stats` leaves the report at the end; one that names only its parent, nothing. */
function toTakenUsage(refusal: string): LesserReports | null {
  if (refusal.includes('continuous_usage')) return 'at-end';
  return /stream_options|include_usage/.test(refusal) ? 'none' : null;
}

/** What follows the end is forgotten, so that the connection can be used again. */
function closeUnlessDrained(body: AnswerBody, abort: () => void, clock: Clock): void {
  const cancel = clock.after(DRAIN_MS, abort);
  body.readWith({ onBytes: () => undefined, onEnd: cancel, onError: cancel });
}

function toHeaders({ status, headers }: ChatAnswer): AnswerHeaders {
  const pod = headerOf(headers, 'x-inference-pod');
  return {
    status,
    schedulerSeen: headerOf(headers, 'x-went-into-resp-headers') !== null,
    servedBy: pod !== null && POD_NAME.test(pod) ? { pod, method: 'response header x-inference-pod' } : null,
    isLab: headerOf(headers, 'x-lab') === '1',
    retryAfterSeconds: toSeconds(headerOf(headers, 'retry-after')),
  };
}

/** The other form, a date, is not used by any layer of the platform. */
function toSeconds(text: string | null): number | null {
  return text !== null && /^\d{1,5}$/.test(text) ? Number(text) : null;
}

/** A header may hold anything; a pod's name may not. */
const POD_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
