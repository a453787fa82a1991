import type { ReactNode } from 'react';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Ladder } from '@/lib/domain/guidellm-ladder';
import type { Arm } from '@/lib/domain/vocabulary';
import { formatDecimal, formatSignificant } from '@/lib/format/quantity';
import { lastGoodUsers, toCountWords } from './ladder-model';

const FRAME = 'shrink-0 border-rule border-t-(length:--stroke) pt-2 stage:pt-1';

function Name({ arm }: { arm: Arm }): ReactNode {
  return (
    <h2 className={cn('flex items-center gap-2 font-semibold text-dense', ARM_LOOKS[arm].text)}>
      <ArmMark arm={arm} />
      {ARM_LOOKS[arm].short}
    </h2>
  );
}

/** One arm: how far it goes, what it gives there, and from which file that is. */
export function ArmLadder({
  arm,
  ladder,
  currency,
}: {
  arm: Arm;
  ladder: Ladder | null;
  /** `null`: no prices are configured. */
  currency: string | null;
}): ReactNode {
  const look = ARM_LOOKS[arm];
  if (ladder === null) {
    return (
      <section aria-label={look.name} className={FRAME}>
        <Name arm={arm} />
        <p className="text-ink-soft text-small">no recorded run of this arm</p>
      </section>
    );
  }
  const { best, run } = ladder;
  return (
    <section aria-label={look.name} className={FRAME}>
      <Name arm={arm} />
      <p className={cn('whitespace-nowrap', look.text)}>
        <span
          className={cn(
            'font-bold font-display tabular-nums leading-none',
            arm === 'distributed' ? 'text-hero' : 'text-figure',
          )}
        >
          {lastGoodUsers(ladder) ?? '–'}
        </span>{' '}
        <span className="text-dense">users within the level</span>
      </p>
      <p className="text-small">{ladder.text}</p>
      {best !== null && (
        <p className="text-small tabular-nums">
          {formatSignificant(best.tokensPerSecond)} tokens/s there,{' '}
          {best.perGpu === null
            ? 'per GPU not known'
            : `${formatSignificant(best.perGpu)} per GPU of those held now`}
          {'; '}
          {best.tokensPerMoney === null
            ? `per dollar ${currency === null ? 'not configured' : 'not known'}`
            : `${formatDecimal(best.tokensPerMoney, 0)} per ${currency ?? 'dollar'}`}
        </p>
      )}
      <p className="line-clamp-2 text-ink-soft text-small [overflow-wrap:anywhere]">
        <span className="font-semibold text-ink">RECORDED</span>{' '}
        {run.startedAt === null ? 'date not in the file' : run.startedAt.slice(0, 16).replace('T', ' ')} ·{' '}
        <UntrustedText text={run.file} max={60} />
        {toCountWords(ladder) !== null && `, ${toCountWords(ladder)}`}
      </p>
    </section>
  );
}
