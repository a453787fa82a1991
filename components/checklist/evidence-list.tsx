import type { ReactNode } from 'react';
import { Age } from '@/components/ui/age';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Evidence } from '@/lib/domain/checklist';

/** An excerpt shorter than this stands on one line. */
const ONE_LINE_CHARACTERS = 160;

/** The deciding part of an answer, as text. */
function toExcerptText(excerpt: unknown): string {
  if (excerpt === null || excerpt === undefined) return '';
  if (typeof excerpt === 'string') return excerpt;
  const spread = JSON.stringify(excerpt, null, 1);
  const line = spread.replace(/\n */g, ' ');
  return line.length <= ONE_LINE_CHARACTERS ? line : spread;
}

function EvidenceItem({ evidence }: { evidence: Evidence }): ReactNode {
  const excerpt = toExcerptText(evidence.excerpt);
  return (
    <li className="py-2 first:pt-0 last:pb-0">
      <p className="flex items-baseline justify-between gap-4 font-mono">
        <span className="min-w-0">
          <UntrustedText text={evidence.request} max={400} />
        </span>
        <span className="whitespace-nowrap">
          {evidence.httpStatus !== null && `${evidence.httpStatus} · `}
          <Age since={evidence.observedAt} suffix=" ago" />
        </span>
      </p>
      {excerpt !== '' && (
        <pre className="mt-1 whitespace-pre-wrap break-words font-mono text-small">
          <bdi>{excerpt}</bdi>
        </pre>
      )}
    </li>
  );
}

/** The requests made and what came back. On stage it scrolls by itself, so that command and remedy stay in view. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }): ReactNode {
  return (
    <ScrollRegion
      label="Evidence"
      className="overflow-y-auto rounded-[0.375rem] bg-sunken stage:max-h-[8rem]"
    >
      <ul className="divide-y-(length:--hair) divide-line px-4 py-3 text-dense stage:px-3 stage:py-2 stage:text-[0.75rem]">
        {evidence.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a gate's evidence is a fixed list, and one request may stand in it twice
          <EvidenceItem key={`${index} ${one.request}`} evidence={one} />
        ))}
      </ul>
    </ScrollRegion>
  );
}
