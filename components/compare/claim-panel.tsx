import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { FigureValue } from '@/components/ui/figure';
import { ProvenanceButton } from '@/components/ui/provenance';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { toMeanFigure, toPerGpuFigure, toPerPriceFigure } from '@/lib/domain/compare-figures';
import { ARMS, type Arm, type MetricId } from '@/lib/domain/vocabulary';
import { formatDecimal, formatSignificant } from '@/lib/format/quantity';
import { formatWindow } from '@/lib/format/window-words';
import { type ChartId, toChartLook, type WaitUnit } from './chart-looks';
import { formatChartValue } from './chart-values';
import { toClaim, toClaimNote, toClaimSentence, toClaimSheet } from './claim-model';
import { type CompareFrame, findChartSeries } from './compare-frame';
import { FileProblems, TargetList } from './target-list';

/** Requests behind both numbers, with what of them the dashboard itself sent. */
function Counts({ frame, id }: { frame: CompareFrame; id: ChartId }): ReactNode {
  const counts = ARMS.map((arm) => findChartSeries(frame, id, arm)?.samples ?? null);
  if (!counts.every((count) => count !== null)) return null;
  const probes = ARMS.map((arm) => frame.arms[arm].compare.probesExcluded[arm]);
  return (
    <span className="block whitespace-nowrap text-small text-ink-soft tabular-nums">
      n = {counts.map((count) => formatDecimal(count ?? 0, 0)).join(' and ')}
      {probes.some((count) => count > 0) && `, with ${probes.join(' and ')} probes`}
    </span>
  );
}

/** The distributed arm's number as the hero, the baseline's under it, in the same unit and over the same window. */
function Hero({
  frame,
  id,
  name,
  waitUnit,
  isFirst,
}: {
  frame: CompareFrame;
  id: MetricId;
  name: string;
  waitUnit: WaitUnit;
  /** The hero of the screen; the second number is smaller, so that one is seen first. */
  isFirst: boolean;
}): ReactNode {
  const look = toChartLook(id, waitUnit);
  const text = (arm: Arm) => {
    const figure = toMeanFigure(frame.arms[arm].compare, id, arm);
    return {
      figure,
      text:
        figure.state === 'known'
          ? { digits: formatChartValue(figure.value * look.factor, look.unit), unit: look.unit }
          : null,
    };
  };
  const baseline = text('baseline');
  const distributed = text('distributed');
  return (
    <section aria-label={name} className="border-rule border-t-(length:--stroke) pt-3 stage:pt-1.5">
      <h2 className="font-text text-dense text-ink-soft stage:text-small">{name}</h2>
      <FigureValue
        label={`${name}, ${ARM_LOOKS.distributed.name}`}
        figure={distributed.figure}
        {...(distributed.text === null ? {} : { text: distributed.text })}
        size={isFirst ? 'hero' : 'figure'}
        showsUnit={isFirst}
        className={cn('block', ARM_LOOKS.distributed.text)}
      />
      <p className={cn('text-dense', ARM_LOOKS.baseline.text)}>
        <FigureValue
          label={`${name}, ${ARM_LOOKS.baseline.name}`}
          figure={baseline.figure}
          {...(baseline.text === null ? {} : { text: baseline.text })}
          size="figure"
          showsUnit={isFirst}
        />
        <span className="whitespace-nowrap"> on INT4</span>
        {isFirst && <Counts frame={frame} id={id} />}
      </p>
    </section>
  );
}

/** Output per GPU and per dollar: what the hardware and the money give, beside what the arm gives. */
function PerCost({ frame }: { frame: CompareFrame }): ReactNode {
  const dollars = ARMS.map((arm) => toPerPriceFigure(frame.arms[arm].compare, arm));
  const perGpu = (arm: Arm) => {
    const { compare } = frame.arms[arm];
    return toPerGpuFigure(compare, arm, compare.costs[arm].gpus);
  };
  const { prices } = frame.compare;
  const currency = prices?.currency ?? 'dollar';
  const isPriced = dollars.some(({ state }) => state === 'known');
  return (
    <section
      aria-label="Output per GPU and per cost"
      className="border-rule border-t-(length:--stroke) pt-2 text-dense stage:pt-1"
    >
      <p>
        Per GPU:{' '}
        <FigureValue
          label="Output per GPU, Distributed"
          figure={perGpu('distributed')}
          showsUnit={false}
          unknownWord="not known"
          size="body"
          className={ARM_LOOKS.distributed.text}
        />{' '}
        against{' '}
        <FigureValue
          label="Output per GPU, INT4 baseline"
          figure={perGpu('baseline')}
          showsUnit={false}
          unknownWord="not known"
          size="body"
          className={ARM_LOOKS.baseline.text}
        />
      </p>
      <p className="text-small">
        Tokens per {currency}:{' '}
        {isPriced ? (
          [...dollars].reverse().map((figure, index) => {
            const arm: Arm = index === 0 ? 'distributed' : 'baseline';
            return (
              <span key={arm}>
                {index === 1 && ' against '}
                <FigureValue
                  label={`Output tokens per ${currency}, ${ARM_LOOKS[arm].name}`}
                  figure={figure}
                  {...(figure.state === 'known'
                    ? { text: { digits: formatSignificant(figure.value), unit: '' } }
                    : {})}
                  size="dense"
                  className={ARM_LOOKS[arm].text}
                />
              </span>
            );
          })
        ) : (
          <FigureValue
            label="Output tokens per dollar"
            figure={dollars[0] ?? toPerPriceFigure(frame.compare, 'baseline')}
            unknownWord={prices === null ? 'not configured' : 'not known'}
            size="dense"
            className="whitespace-normal"
          />
        )}
        {prices !== null && <span className="text-ink-soft"> (prices of {prices.asOf})</span>}
      </p>
    </section>
  );
}

/** The claim of the screen: what the two arms give, and whether a difference may be stated at all. */
export function ClaimPanel({ frame, waitUnit }: { frame: CompareFrame; waitUnit: WaitUnit }): ReactNode {
  const claim = toClaim(frame);
  const isClaimed = claim.kind !== 'none';
  const { notEqual } = frame.compare.comparable;
  const word = formatWindow(frame.compare.window);
  return (
    <div className="flex min-h-0 flex-col gap-4 stage:gap-2">
      <div>
        <h1
          className={cn(
            'font-bold text-title',
            !isClaimed && 'text-[1.5rem] leading-tight stage:text-[1.35rem]',
          )}
        >
          <ProvenanceButton sheet={toClaimSheet(frame, claim)} className="text-balance">
            {toClaimSentence(claim)}
          </ProvenanceButton>
        </h1>
        <p className="mt-1 line-clamp-4 text-small text-ink-soft stage:line-clamp-3">
          <UntrustedText text={toClaimNote(claim)} max={300} />
        </p>
      </div>
      <Hero frame={frame} id="ttft" name={`First token, mean of ${word}`} waitUnit={waitUnit} isFirst />
      <Hero
        frame={frame}
        id="generation-throughput"
        name={`Output, tokens per second, mean of ${word}`}
        waitUnit={waitUnit}
        isFirst={false}
      />
      <PerCost frame={frame} />
      {notEqual.length > 0 && (
        <p className="line-clamp-3 shrink-0 text-small text-ink-soft stage:line-clamp-2">
          Not equal: <UntrustedText text={notEqual.join('; ')} max={260} />
        </p>
      )}
      <div className="stage:hidden">
        <TargetList targets={frame.compare.targets.filter(({ line }) => line === null)} />
      </div>
      <FileProblems problems={frame.compare.fileProblems} />
    </div>
  );
}
