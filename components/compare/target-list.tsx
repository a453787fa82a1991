import type { ReactNode } from 'react';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Target } from '@/lib/domain/compare';
import { toTargetWords } from './target-words';

/** Hypotheses in words. A target is no result: it says first whether anything was measured. */
export function TargetList({ targets }: { targets: readonly Target[] }): ReactNode {
  if (targets.length === 0) return null;
  return (
    <ul className="text-small">
      {targets.map((target) => (
        <li key={target.id} className="line-clamp-3">
          <span className="font-semibold">TARGET</span> <UntrustedText text={target.title} max={100} />:{' '}
          <span className="text-ink-soft">
            <UntrustedText text={toTargetWords(target)} max={160} /> (
            <UntrustedText text={target.source} max={80} />)
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What is wrong with the files of prices, targets and benchmarks. */
export function FileProblems({ problems }: { problems: readonly string[] }): ReactNode {
  if (problems.length === 0) return null;
  return (
    <ul role="alert" className="text-fail text-small">
      {problems.map((problem) => (
        <li key={problem}>
          <UntrustedText text={problem} max={200} />
        </li>
      ))}
    </ul>
  );
}
