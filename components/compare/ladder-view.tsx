'use client';

import { type ReactNode, useState } from 'react';
import { LadderChart } from '@/components/charts/ladder-chart';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { EmptyFace, LoadingWord } from '@/components/ui/faces';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { useUploads } from '@/lib/client/guidellm-uploads';
import { useGuidellm } from '@/lib/client/use-guidellm';
import type { Compare } from '@/lib/domain/compare';
import type { Ladder, Rung } from '@/lib/domain/guidellm-ladder';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatDecimal, formatSignificant } from '@/lib/format/quantity';
import { CompareChoices } from './compare-choices';
import type { CompareScene } from './compare-scene';
import { LadderFiles } from './ladder-files';
import {
  lastGoodUsers,
  toChosenRuns,
  toLadderAxis,
  toLadderRows,
  toLadderSentence,
  toLadders,
  toLevelWords,
} from './ladder-model';
import { LadderTable } from './ladder-table';
import { FileProblems, TargetList } from './target-list';

const LINES = ARMS.map((arm) => ({
  name: ARM_LOOKS[arm].short,
  colour: ARM_LOOKS[arm].stroke,
  dash: ARM_LOOKS[arm].dash,
}));

/** One arm: how far it goes, what it gives there, and from which file that is. */
function ArmLadder({ arm, ladder }: { arm: Arm; ladder: Ladder | null }): ReactNode {
  const look = ARM_LOOKS[arm];
  if (ladder === null) {
    return (
      <section aria-label={look.name} className="border-rule border-t-(length:--stroke) pt-2 stage:pt-1">
        <h2 className={cn('font-semibold text-dense', look.text)}>{look.short}</h2>
        <p className="text-ink-soft text-small">no recorded run of this arm</p>
      </section>
    );
  }
  const users = lastGoodUsers(ladder);
  const { best, run } = ladder;
  return (
    <section aria-label={look.name} className="border-rule border-t-(length:--stroke) pt-2 stage:pt-1">
      <h2 className={cn('font-semibold text-dense', look.text)}>{look.short}</h2>
      <p className={cn('whitespace-nowrap', look.text)}>
        <span
          className={cn(
            'font-bold font-display tabular-nums',
            arm === 'distributed' ? 'text-hero' : 'text-figure',
          )}
        >
          {users ?? '–'}
        </span>{' '}
        <span className="text-dense">users within the level</span>
      </p>
      <p className="text-small">{ladder.text}</p>
      {best !== null && (
        <p className="text-small tabular-nums">
          {formatSignificant(best.tokensPerSecond)} tokens/s there
          {best.perGpu !== null && `, ${formatSignificant(best.perGpu)} per GPU held now`}
          {best.tokensPerMoney === null
            ? '; per dollar not configured'
            : `, ${formatDecimal(best.tokensPerMoney, 0)} per unit of money`}
        </p>
      )}
      <p className="truncate text-ink-soft text-small">
        <span className="font-semibold text-ink">RECORDED</span>{' '}
        {run.startedAt === null ? 'date not in the file' : run.startedAt.slice(0, 16).replace('T', ' ')} ·{' '}
        <UntrustedText text={run.file} max={60} />
      </p>
    </section>
  );
}

function LadderPanel({
  title,
  unit,
  ladders,
  pick,
  limit,
}: {
  title: string;
  unit: string;
  ladders: Record<Arm, Ladder | null>;
  pick: (rung: Rung) => number | null;
  limit: number | null;
}): ReactNode {
  const rows = toLadderRows(ladders, pick);
  const { top, labels } = toLadderAxis(rows, limit);
  return (
    <section aria-label={title} className="flex min-h-[11rem] flex-col stage:min-h-0">
      <h2 className="flex items-baseline justify-between text-dense">
        <span className="font-semibold">{title}</span>
        <span className="font-text text-ink-soft text-small">
          {limit !== null && `–·– service level ${Number(limit.toPrecision(3))} `}
          {unit}
        </span>
      </h2>
      <div className="grid min-h-0 grow grid-cols-[1fr_4.5rem]" aria-hidden="true">
        <LadderChart rows={rows} lines={LINES} limit={limit} top={top} />
        <div className="relative mt-[8px] mb-[34px]">
          {labels.map(({ item, at }) => (
            <span
              key={item.arm}
              className={cn(
                'absolute left-0 -translate-y-1/2 font-bold font-display text-heading tabular-nums leading-none',
                ARM_LOOKS[item.arm].text,
              )}
              style={{ top: `${at * 100}%` }}
            >
              {formatSignificant(item.value)}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

/** The recorded ladder of GuideLLM: users against what they wait and get, and where the service level ends. */
export function LadderView({
  compare,
  scene,
  onScene,
}: {
  /** For the service level, GPUs and prices; `null` until the first answer is here. */
  compare: Compare | null;
  scene: CompareScene;
  onScene(patch: Partial<CompareScene>): void;
}): ReactNode {
  const { files, problem } = useGuidellm();
  const uploads = useUploads();
  const [said, setSaid] = useState<Readonly<Record<string, Arm>>>({});
  const choices = (
    <CompareChoices scene={scene} onScene={onScene} onPause={() => {}} observedAt={null} grafana={null} />
  );
  if (compare === null || (files === null && problem === null)) {
    return (
      <div className="flex flex-col gap-4">
        <h1 className="sr-only">Ladder</h1>
        {choices}
        <LoadingWord>Reading the recorded benchmarks.</LoadingWord>
      </div>
    );
  }
  const { serviceLevel: level, costs } = compare;
  const runs = toChosenRuns(files?.runs ?? [], uploads.runs, said);
  const ladders = toLadders(runs, level, costs);
  const problems = [...uploads.problems, ...(files?.problems ?? [])];
  const hasAny = ARMS.some((arm) => ladders[arm] !== null);
  return (
    <div className="grid min-h-0 grow gap-x-12 gap-y-6 @min-[52rem]:grid-cols-[21rem_1fr] stage:grid-cols-[14.8rem_1fr] stage:gap-x-7">
      <div className="flex min-h-0 flex-col gap-3 stage:gap-1.5">
        <h1 className="font-bold text-[1.5rem] leading-tight stage:text-[1.35rem]">
          {toLadderSentence(ladders)}
        </h1>
        <p className="text-ink-soft text-small stage:line-clamp-2">
          Service level: {toLevelWords(level)} ({level.source})
        </p>
        {[...ARMS].reverse().map((arm) => (
          <ArmLadder key={arm} arm={arm} ladder={ladders[arm]} />
        ))}
        <TargetList targets={compare.targets} />
        <FileProblems problems={compare.fileProblems} />
      </div>
      <div className="flex min-h-0 min-w-0 flex-col gap-3 stage:gap-2">
        {choices}
        {!hasAny && (
          <EmptyFace
            title="No recorded ladder"
            because={
              problem ??
              (files?.path === null
                ? 'GUIDELLM_PATH is not configured. Drop GuideLLM result files below: they are read in this browser and sent nowhere.'
                : `No readable result of either arm in ${files?.path ?? 'the configured path'}. Drop files below to add some.`)
            }
          />
        )}
        {hasAny && (
          <div className="grid min-h-0 grow gap-4 stage:grid-rows-3 stage:gap-1">
            <LadderPanel
              title={`First token, ${level.statistic}`}
              unit="s"
              ladders={ladders}
              pick={({ ttftMs }) => (ttftMs === null ? null : ttftMs / 1_000)}
              limit={level.ttftMs === null ? null : level.ttftMs / 1_000}
            />
            <LadderPanel
              title={`Between tokens, ${level.statistic}`}
              unit="ms"
              ladders={ladders}
              pick={({ itlMs }) => itlMs}
              limit={level.itlMs}
            />
            <LadderPanel
              title="Output"
              unit="tokens/s, by users"
              ladders={ladders}
              pick={({ outputTokensPerSecond }) => outputTokensPerSecond}
              limit={null}
            />
          </div>
        )}
        <div className="flex flex-wrap items-start gap-x-8 gap-y-2 text-small">
          {hasAny && (
            <details>
              <summary>All stages as a table</summary>
              <LadderTable ladders={ladders} statistic={level.statistic} />
            </details>
          )}
          <details open={!hasAny || problems.length > 0} className="min-w-0 grow">
            <summary>
              Result files: {runs.length} read, {problems.length} refused
            </summary>
            <LadderFiles
              files={files}
              runs={runs}
              problems={problems}
              onArm={(file, arm) => setSaid((before) => ({ ...before, [file]: arm }))}
            />
          </details>
        </div>
        <p className="text-ink-soft text-small">
          Measured by the client (GuideLLM), not by the engines. Its own TPOT holds the wait for the first
          token and is not shown; “between tokens” is its inter-token latency.
        </p>
      </div>
    </div>
  );
}
