import 'server-only';
import { StopReason } from './stop-reason';

/** Why an answer is stopped whose page gives no sign any more; what it says is for a page that still hears us. */
export class ReaderGone extends StopReason {
  constructor(silentMs: number) {
    super(
      `This browser gave no sign for ${(silentMs / 1_000).toFixed(1)} s: no GPU works on for a page that may be gone.`,
    );
  }
}
