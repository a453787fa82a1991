import type { Flip } from '@/lib/domain/checklist-flips';
import { VERDICT_WORDS } from '@/lib/domain/checklist-report';
import type { GateStatus } from '@/lib/domain/vocabulary';

const STATUS_WORDS: Record<GateStatus, string> = {
  pass: 'pass',
  warn: 'warn',
  fail: 'fail',
  unknown: 'unknown',
  'not-applicable': 'does not apply',
};

/** `GPU nodes: pass → fail`. */
export function toFlipWords(flip: Flip): string {
  return flip.kind === 'verdict'
    ? `${VERDICT_WORDS[flip.from]} → ${VERDICT_WORDS[flip.to]}`
    : `${flip.title}: ${STATUS_WORDS[flip.from]} → ${STATUS_WORDS[flip.to]}`;
}
