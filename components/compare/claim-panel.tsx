import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { FigureValue } from '@/components/ui/figure';
import { ProvenanceButton } from '@/components/ui/provenance';
import { MODE_WORDS, type Sheet } from '@/components/ui/provenance-model';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Compare } from '@/lib/domain/compare';
import {
  type FirstTokenClaim,
  toFirstTokenClaim,
  toMeanFigure,
  toPerGpuFigure,
} from '@/lib/domain/compare-figures';
import type { MetricId } from '@/lib/domain/vocabulary';
import { formatDecimal, formatTogether } from '@/lib/format/quantity';
import { formatWindow } from '@/lib/format/window-words';

function toSentence(claim: FirstTokenClaim): string {
  switch (claim.kind) {
    case 'sooner':
      return `The first token comes ${formatDecimal(claim.ratio, 1)} times as soon on llm-d`;
    case 'later':
      return `The first token takes ${formatDecimal(claim.ratio, 1)} times as long on llm-d`;
    case 'equal':
      return 'The first token comes equally soon on both arms';
    case 'none':
      return 'No difference is claimed';
    default:
      return claim satisfies never;
  }
}

function claimSheet(compare: Compare): Sheet {
  const { difference, because, notEqual } = compare.comparable;
  return {
    title: 'What may be compared',
    lead: difference
      ? 'Both arms did the same kind of work in this window: a difference may be stated.'
      : 'A difference would mean nothing in this window.',
    sections: [
      {
        heading: null,
        rows: [
          { kind: 'text', name: 'Mode', value: MODE_WORDS[compare.mode] },
          ...because.map(
            (value, index) =>
              ({ kind: 'text', name: index === 0 ? 'Because' : `and ${index + 1}`, value }) as const,
          ),
          ...notEqual.map(
            (value, index) =>
              ({ kind: 'text', name: index === 0 ? 'Not equal' : `not equal ${index + 1}`, value }) as const,
          ),
          {
            kind: 'text',
            name: 'Rule',
            value:
              'Both arms present, at least 20 requests each, load, prompt and answer length within 20 %, the same base model. Differences under 5 % are called equal.',
          },
          { kind: 'time', name: 'Asked', value: compare.observedAt },
        ],
      },
    ],
  };
}

/** The distributed arm's number as the hero, the baseline's under it, in the same unit and over the same window. */
function Hero({
  compare,
  id,
  name,
  showsUnit,
}: {
  compare: Compare;
  id: MetricId;
  name: string;
  /** Not where the name already says it. */
  showsUnit: boolean;
}): ReactNode {
  const baseline = toMeanFigure(compare, id, 'baseline');
  const distributed = toMeanFigure(compare, id, 'distributed');
  const [baselineText, distributedText] = formatTogether(
    [baseline, distributed].map((figure) => (figure.state === 'known' ? figure.value : null)),
    baseline.unit,
  );
  const counts = [baseline, distributed].map((figure) => figure.provenance.sampleCount);
  return (
    <section aria-label={name} className="border-rule border-t-(length:--stroke) pt-3 stage:pt-1.5">
      <h2 className="font-text text-dense text-ink-soft stage:text-small">{name}</h2>
      <FigureValue
        label={`${name}, ${ARM_LOOKS.distributed.name}`}
        figure={distributed}
        {...(distributedText ? { text: distributedText } : {})}
        size="hero"
        showsUnit={showsUnit}
        className={ARM_LOOKS.distributed.text}
      />
      <p className={cn('text-dense', ARM_LOOKS.baseline.text)}>
        <FigureValue
          label={`${name}, ${ARM_LOOKS.baseline.name}`}
          figure={baseline}
          {...(baselineText ? { text: baselineText } : {})}
          size="figure"
          showsUnit={showsUnit}
          className="font-semibold"
        />
        <span className="whitespace-nowrap"> on INT4</span>
        {counts.every((count) => count !== null) && (
          <span className="block whitespace-nowrap text-small text-ink-soft tabular-nums">
            n = {counts.map((count) => formatDecimal(count ?? 0, 0)).join(' and ')}
          </span>
        )}
      </p>
    </section>
  );
}

/** The claim of the screen: what the two arms give, and whether a difference may be stated at all. */
export function ClaimPanel({
  compare,
  gpus,
}: {
  compare: Compare;
  gpus: { baseline: number | null; distributed: number | null };
}): ReactNode {
  const claim = toFirstTokenClaim(compare);
  const isClaimed = claim.kind !== 'none';
  return (
    <div className="flex min-h-0 flex-col gap-4 stage:gap-2">
      <div>
        <h1
          className={cn(
            'font-bold text-title',
            !isClaimed && 'text-[1.5rem] leading-tight stage:text-[1.35rem]',
          )}
        >
          <ProvenanceButton sheet={claimSheet(compare)} className="text-balance">
            {toSentence(claim)}
          </ProvenanceButton>
        </h1>
        {claim.kind === 'none' && (
          <p className="mt-1 line-clamp-4 text-dense text-ink-soft stage:line-clamp-3">
            <UntrustedText
              text={claim.because.map((reason) => reason.replace(/\.$/, '')).join('; ')}
              max={300}
            />
          </p>
        )}
      </div>
      <Hero
        compare={compare}
        id="ttft"
        name={`First token, mean of ${formatWindow(compare.window)}`}
        showsUnit
      />
      <Hero
        compare={compare}
        id="generation-throughput"
        name={`Output, tokens per second, mean of ${formatWindow(compare.window)}`}
        showsUnit={false}
      />
      <section
        aria-label="Per GPU"
        className="border-rule border-t-(length:--stroke) pt-2 text-body stage:pt-1 stage:text-dense"
      >
        Per GPU:{' '}
        <FigureValue
          label="Output per GPU, Distributed"
          figure={toPerGpuFigure(compare, 'distributed', gpus.distributed)}
          showsUnit={false}
          size="figure"
          className={ARM_LOOKS.distributed.text}
        />{' '}
        against{' '}
        <FigureValue
          label="Output per GPU, INT4 baseline"
          figure={toPerGpuFigure(compare, 'baseline', gpus.baseline)}
          showsUnit={false}
          size="figure"
          className={ARM_LOOKS.baseline.text}
        />
      </section>
      {compare.comparable.notEqual.length > 0 && (
        <p
          className={cn(
            'line-clamp-3 text-small text-ink-soft stage:line-clamp-2',
            !isClaimed && 'stage:hidden',
          )}
        >
          Not equal: <UntrustedText text={compare.comparable.notEqual.join('; ')} max={260} />
        </p>
      )}
    </div>
  );
}
