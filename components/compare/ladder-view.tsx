'use client';

import { type DragEvent, type ReactNode, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { EmptyFace, LoadingWord } from '@/components/ui/faces';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { useUploads } from '@/lib/client/guidellm-uploads';
import { useGuidellm } from '@/lib/client/use-guidellm';
import type { Compare } from '@/lib/domain/compare';
import type { ServiceLevel } from '@/lib/domain/guidellm';
import type { Ladder } from '@/lib/domain/guidellm-ladder';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { BUTTON, POPOVER, PublishedChoice, ViewChoice } from './compare-choices';
import type { CompareScene } from './compare-scene';
import { ArmLadder } from './ladder-arm';
import { LadderFiles, RefusedFiles, readAll } from './ladder-files';
import { toChosenRuns, toLadderSentence, toLadders, toLevelWords } from './ladder-model';
import { LadderPanel } from './ladder-panel';
import { LadderTable } from './ladder-table';
import { findPublished, PUBLISHED_LADDERS, type PublishedFigures } from './published-figures';
import { PublishedWords } from './published-words';
import { FileProblems, TargetList } from './target-list';
import { usePopover } from './use-popover';

const CLIENT_SIDE =
  'Measured by the client (GuideLLM), not by the engines. “Between tokens” is its inter-token latency; its own TPOT holds the wait for the first token and is not shown. Hollow marks: the level was missed.';

/** The three panels over one axis of users. */
function Panels({
  ladders,
  level,
  published,
}: {
  ladders: Record<Arm, Ladder | null>;
  level: ServiceLevel;
  published: PublishedFigures | null;
}): ReactNode {
  const { statistic } = level;
  const seconds = (ms: number | null | undefined): number | null => (ms == null ? null : ms / 1_000);
  return (
    <div className="grid min-h-0 grow gap-4 stage:grid-rows-3 stage:gap-1">
      <LadderPanel
        title={`First token, ${statistic}`}
        unit="s"
        ladders={ladders}
        published={published}
        pick={{
          own: ({ ttftMs }) => seconds(ttftMs),
          published: ({ ttftMs }) => seconds(ttftMs[statistic]),
        }}
        limit={seconds(level.ttftMs)}
      />
      <LadderPanel
        title={`Between tokens, ${statistic}`}
        unit="ms"
        ladders={ladders}
        published={published}
        pick={{ own: ({ itlMs }) => itlMs, published: ({ itlMs }) => itlMs[statistic] ?? null }}
        limit={level.itlMs}
      />
      <LadderPanel
        title="Output"
        unit="tokens/s"
        ladders={ladders}
        published={published}
        pick={{ own: ({ outputTokensPerSecond }) => outputTokensPerSecond, published: () => null }}
        limit={null}
      />
    </div>
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
  const [isOver, setIsOver] = useState(false);
  const { place, isOpen, toggle } = usePopover<HTMLDivElement>();
  const onDrag = (event: DragEvent<HTMLElement>, over: boolean): void => {
    event.preventDefault();
    setIsOver(over);
  };
  if (compare === null || (files === null && problem === null)) {
    return (
      <div className="flex flex-col gap-4">
        <h1 className="sr-only">Ladder</h1>
        <span className="flex">
          <ViewChoice scene={scene} onScene={onScene} />
        </span>
        <LoadingWord>Reading the recorded benchmarks.</LoadingWord>
      </div>
    );
  }
  const { serviceLevel: level, costs, prices } = compare;
  const runs = toChosenRuns(files?.runs ?? [], uploads.runs, said);
  const ladders = toLadders(runs, level, costs);
  const problems = [...uploads.problems, ...(files?.problems ?? [])];
  const hasAny = ARMS.some((arm) => ladders[arm] !== null);
  const figures = findPublished(scene.ghosts);
  const published = figures !== null && figures.ladder.length > 0 ? figures : null;
  const fileList = (
    <LadderFiles
      files={files}
      runs={runs}
      onArm={(file, arm) => setSaid((before) => ({ ...before, [file]: arm }))}
    />
  );
  return (
    <section
      aria-label="Recorded ladder"
      onDragOver={(event) => onDrag(event, true)}
      onDragLeave={(event) => onDrag(event, false)}
      onDrop={(event) => {
        onDrag(event, false);
        readAll(event.dataTransfer.files);
      }}
      className={cn(
        'grid min-h-0 grow gap-x-12 gap-y-6 @min-[52rem]:grid-cols-[21rem_1fr] stage:grid-cols-[14.8rem_1fr] stage:gap-x-7',
        isOver && 'outline-(length:--stroke) outline-ink outline-dashed outline-offset-8',
      )}
    >
      <div className="flex min-h-0 flex-col gap-3 stage:gap-1.5">
        <h1 className="shrink-0 font-bold text-[1.5rem] leading-tight stage:text-[1.35rem]">
          {toLadderSentence(ladders)}
        </h1>
        <p className="shrink-0 text-ink-soft text-small">
          Service level: {toLevelWords(level)}{' '}
          <span className="stage:hidden">
            (<UntrustedText text={level.source} max={100} />)
          </span>
        </p>
        {[...ARMS].reverse().map((arm) => (
          <ArmLadder key={arm} arm={arm} ladder={ladders[arm]} currency={prices?.currency ?? null} />
        ))}
        <TargetList targets={compare.targets.filter(({ line }) => line === null)} />
        <FileProblems problems={compare.fileProblems} />
      </div>
      <div className="flex min-h-0 min-w-0 flex-col gap-3 stage:gap-2">
        <div ref={place} className="relative flex flex-wrap items-center gap-x-3 gap-y-2">
          <ViewChoice scene={scene} onScene={onScene} />
          {hasAny && (
            <>
              <button
                type="button"
                aria-pressed={scene.showsStages}
                onClick={() => onScene({ showsStages: !scene.showsStages })}
                className={BUTTON}
              >
                Stages
              </button>
              <button type="button" aria-expanded={isOpen} onClick={toggle} className={BUTTON}>
                Files: {runs.length} read, {problems.length} refused
              </button>
              <span className="flex items-center gap-2 text-ink-soft text-small">
                Published elsewhere
                <PublishedChoice scene={scene} onScene={onScene} figures={PUBLISHED_LADDERS} />
              </span>
            </>
          )}
          {hasAny && isOpen && (
            <section aria-label="Result files" className={POPOVER}>
              {fileList}
            </section>
          )}
        </div>
        {!hasAny && (
          <>
            <EmptyFace
              title="No recorded ladder"
              because={
                problem ??
                (files?.path === null
                  ? 'GUIDELLM_PATH is not configured. Drop GuideLLM result files here: they are read in this browser and sent nowhere.'
                  : `No readable result of either arm in ${files?.path ?? 'the configured path'}. Drop files here to add some.`)
              }
            />
            {fileList}
          </>
        )}
        {hasAny &&
          (scene.showsStages ? (
            <LadderTable ladders={ladders} published={published} statistic={level.statistic} />
          ) : (
            <Panels ladders={ladders} level={level} published={published} />
          ))}
        <RefusedFiles problems={problems} />
        {hasAny && published !== null && <PublishedWords published={published} note={published.ladderNote} />}
        <p className="shrink-0 text-ink-soft text-small">{CLIENT_SIDE}</p>
      </div>
    </section>
  );
}
