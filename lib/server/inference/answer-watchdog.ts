import 'server-only';
import type { Clock } from '@/lib/server/clock';
import { failure, type UpstreamFailure } from './upstream-failure';

/** How long an answer may keep us waiting (platform-pitfalls F51, F53) or go on at all (A41). */
export interface AnswerLimits {
  firstTokenMs: number;
  stallMs: number;
  totalMs: number;
}

export const ANSWER_LIMITS: AnswerLimits = { firstTokenMs: 120_000, stallMs: 60_000, totalMs: 600_000 };

/** Ends an answer that does not come, stops coming, or does not stop. */
export interface AnswerWatchdog {
  /** A frame of the answer came; `hasText` once there is something to show. */
  heard(hasText: boolean): void;
  stop(): void;
}

/** Starts counting at once: to be made when the request is sent. */
export function startWatchdog(
  clock: Clock,
  limits: AnswerLimits,
  onExpired: (reason: UpstreamFailure) => void,
): AnswerWatchdog {
  const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);
  const noFirstToken = () =>
    onExpired(failure('no-first-token', `No first token within ${seconds(limits.firstTokenMs)} s.`));
  const stalled = () =>
    onExpired(failure('stalled', `The answer stalled: nothing came for ${seconds(limits.stallMs)} s.`));
  let cancelWait = clock.after(limits.firstTokenMs, noFirstToken);
  const cancelTotal = clock.after(limits.totalMs, () =>
    onExpired(failure('time-limit', `The answer took longer than ${seconds(limits.totalMs)} s.`)),
  );
  /** The latest frame since there is text; a timer per frame would cost more than the frame. */
  let heardAtMs: number | null = null;
  function lookIn(delayMs: number): void {
    cancelWait = clock.after(delayMs, () => {
      const silentMs = clock.monotonic() - (heardAtMs ?? 0);
      if (silentMs >= limits.stallMs) stalled();
      else lookIn(limits.stallMs - silentMs);
    });
  }

  return {
    heard(hasText) {
      const isFirst = heardAtMs === null;
      if (isFirst && !hasText) return;
      heardAtMs = clock.monotonic();
      if (!isFirst) return;
      cancelWait();
      lookIn(limits.stallMs);
    },
    stop() {
      cancelWait();
      cancelTotal();
    },
  };
}
