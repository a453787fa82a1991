'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { Choice } from '@/components/ui/choice';
import { toSafeLink } from '@/components/ui/safe-link';
import { ARMS, COMPARE_PERCENTILES, COMPARE_WINDOWS } from '@/lib/domain/vocabulary';
import type { CompareScene } from './compare-scene';
import { PUBLISHED_FIGURES, type PublishedFigures } from './published-figures';
import { usePopover } from './use-popover';

const WINDOW_OPTIONS = COMPARE_WINDOWS.map((window) => ({ value: window, label: window }));
const PERCENTILE_OPTIONS = COMPARE_PERCENTILES.map((percentile) => ({
  value: percentile,
  label: `p${percentile}`,
}));
const VIEW_OPTIONS = [
  { value: 'charts', label: 'Curves' },
  { value: 'table', label: 'Table' },
  { value: 'ladder', label: 'Ladder' },
] as const;
const SIDES_OPTIONS = [
  { value: 'overlay', label: 'One over the other' },
  { value: 'sides', label: 'Side by side' },
] as const;
/** What stands open below its button. */
export const POPOVER =
  'absolute top-full right-0 z-30 mt-2 w-max max-w-full rounded-[0.5rem] border-(length:--stroke) border-ink bg-surface p-4 stage:p-3';

export const BUTTON =
  'rounded-[0.375rem] border-(length:--hair) border-line px-[0.6em] py-[0.2em] text-small whitespace-nowrap aria-pressed:bg-ink aria-pressed:text-ground';

export interface ChoicesProps {
  scene: CompareScene;
  onScene(patch: Partial<CompareScene>): void;
  onPause(): void;
  /** Server-made time of the newest answer: what a pin pins. */
  observedAt: string | null;
  grafana: string | null;
}

/** Curves, table or ladder. */
export function ViewChoice({ scene, onScene }: Pick<ChoicesProps, 'scene' | 'onScene'>): ReactNode {
  return (
    <Choice
      label="View"
      options={VIEW_OPTIONS}
      value={scene.view}
      onChoose={(view) => onScene({ view, chart: null })}
    />
  );
}

/** Figures from elsewhere, off until asked for. */
export function PublishedChoice({
  scene,
  onScene,
  figures,
}: Pick<ChoicesProps, 'scene' | 'onScene'> & { figures: readonly PublishedFigures[] }): ReactNode {
  return (
    <Choice
      label="Published elsewhere"
      options={[{ value: '', label: 'none' }, ...figures.map(({ id, name }) => ({ value: id, label: name }))]}
      value={figures.some(({ id }) => id === scene.ghosts) ? (scene.ghosts ?? '') : ''}
      onChoose={(value) => onScene({ ghosts: value === '' ? null : value })}
    />
  );
}

/** What is seldom needed on stage: how the arms are laid out, pinned windows, figures from elsewhere. */
function MoreChoices({ scene, onScene, observedAt, grafana }: Omit<ChoicesProps, 'onPause'>): ReactNode {
  const { pin } = scene;
  const dashboards = grafana === null ? null : toSafeLink(grafana);
  return (
    <div className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-3 text-small">
      <span className="text-ink-soft">Arms</span>
      <span className="flex">
        <Choice
          label="Arms"
          options={SIDES_OPTIONS}
          value={scene.isSideBySide ? 'sides' : 'overlay'}
          onChoose={(value) => onScene({ isSideBySide: value === 'sides', page: 1 })}
        />
      </span>
      <span className="text-ink-soft">One after the other</span>
      <span className="flex flex-wrap gap-2">
        {pin === null ? (
          ARMS.map((arm) => (
            <button
              key={arm}
              type="button"
              className={BUTTON}
              disabled={observedAt === null}
              onClick={() => observedAt !== null && onScene({ pin: { arm, end: observedAt }, runFrom: null })}
            >
              Pin {ARM_LOOKS[arm].short} as it is now
            </button>
          ))
        ) : (
          <>
            <button
              type="button"
              className={BUTTON}
              disabled={observedAt === null}
              onClick={() => onScene({ runFrom: observedAt })}
            >
              {scene.runFrom === null ? 'Start the other arm here' : 'Start again here'}
            </button>
            <button type="button" className={BUTTON} onClick={() => onScene({ pin: null, runFrom: null })}>
              Unpin {ARM_LOOKS[pin.arm].short}
            </button>
          </>
        )}
      </span>
      <span className="text-ink-soft">Published elsewhere</span>
      <span className="flex">
        <PublishedChoice scene={scene} onScene={onScene} figures={PUBLISHED_FIGURES} />
      </span>
      {dashboards !== null && (
        <>
          <span className="text-ink-soft">Dashboards</span>
          <a href={dashboards.href} target="_blank" rel="noreferrer" className="underline underline-offset-4">
            Grafana of this namespace
          </a>
        </>
      )}
    </div>
  );
}

/** Window, percentile, pause and view; all of it lives in the address. */
export function CompareChoices(props: ChoicesProps): ReactNode {
  const { scene, onScene, onPause } = props;
  const { place, isOpen, toggle } = usePopover<HTMLDivElement>();
  return (
    <div ref={place} className="relative flex flex-wrap gap-x-3 gap-y-2">
      <Choice
        label="Window"
        options={WINDOW_OPTIONS}
        value={scene.window}
        onChoose={(window) => onScene({ window })}
      />
      <Choice
        label="Percentile"
        options={PERCENTILE_OPTIONS}
        value={scene.percentile}
        onChoose={(percentile) => onScene({ percentile })}
      />
      <button
        type="button"
        aria-pressed={scene.pausedAt !== null}
        onClick={onPause}
        className={`${BUTTON} min-w-[4.6em]`}
      >
        {scene.pausedAt === null ? 'Pause' : 'Go on'}
      </button>
      <ViewChoice scene={scene} onScene={onScene} />
      <button type="button" aria-expanded={isOpen} onClick={toggle} className={BUTTON}>
        More
      </button>
      {isOpen && (
        <section aria-label="More choices" className={POPOVER}>
          <MoreChoices {...props} />
        </section>
      )}
    </div>
  );
}
