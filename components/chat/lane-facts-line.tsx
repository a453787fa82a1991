'use client';

import type { ReactNode } from 'react';
import { ProvenanceButton } from '@/components/ui/provenance';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { toFactSheet, toFactWords } from './lane-facts-model';

/** Under a lane: model, weights, context, GPUs, engine. Its line is kept until they are known. */
export function LaneFactsLine({
  name,
  facts,
  observedAt,
}: {
  /** The lane's. */
  name: string;
  facts: LaneFacts | null;
  observedAt: string | null;
}): ReactNode {
  if (facts === null || observedAt === null) return <p className="min-h-[1.35em] text-small" />;
  const words = toFactWords(facts.facts);
  return (
    <p className="min-h-[1.35em] truncate text-ink-soft text-small">
      <ProvenanceButton sheet={() => toFactSheet(name, facts, observedAt)}>
        <UntrustedText
          text={words.length === 0 ? 'nothing known of this lane' : words.join(' · ')}
          max={140}
        />
      </ProvenanceButton>
    </p>
  );
}
