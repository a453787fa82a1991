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
  let hasText = false;
  const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);
  const waitForFirstToken = () =>
    clock.after(limits.firstTokenMs, () =>
      onExpired(failure('no-first-token', `No first token within ${seconds(limits.firstTokenMs)} s.`)),
    );
  const waitForNext = () =>
    clock.after(limits.stallMs, () =>
      onExpired(failure('stalled', `The answer stalled: nothing came for ${seconds(limits.stallMs)} s.`)),
    );
  let cancelWait = waitForFirstToken();
  const cancelTotal = clock.after(limits.totalMs, () =>
    onExpired(failure('time-limit', `The answer took longer than ${seconds(limits.totalMs)} s.`)),
  );

  return {
    heard(nowHasText) {
      hasText ||= nowHasText;
      if (!hasText) return;
      cancelWait();
      cancelWait = waitForNext();
    },
    stop() {
      cancelWait();
      cancelTotal();
    },
  };
}
