import type { ReactNode } from 'react';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { EmptyFace } from '@/components/ui/faces';
import { ProvenanceButton } from '@/components/ui/provenance';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { STATE_TEXT, StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Placement } from '@/lib/domain/placement';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { PATH_MARKS } from './placement-model';
import { objectSheet, podSheet } from './placement-sheets';
import { PodPanel } from './pod-panel';
import { type TreeRow, toTreeRows } from './tree-model';

function Row({ placement, row }: { placement: Placement; row: TreeRow }): ReactNode {
  const { object, depth } = row;
  const { mark } = PATH_MARKS[object.state];
  const pod = placement.pods.find(({ uid }) => uid === object.uid);
  return (
    <li
      className="border-rule border-b-(length:--hair) py-1 stage:py-0.5"
      style={{ paddingLeft: `${depth * 1.1}em` }}
    >
      <ProvenanceButton
        sheet={pod === undefined ? objectSheet(placement, object) : podSheet(placement, pod)}
        footer={pod === undefined ? null : <PodPanel pod={pod} actions={placement.actions} />}
        className="grid w-full grid-cols-[auto_auto_minmax(3em,1fr)_minmax(0,auto)] items-baseline gap-x-[0.5em]"
      >
        <StateMark state={placement.isOutdated ? 'unknown' : mark} className="translate-y-[0.15em]" />
        <span className="font-semibold">{object.kind}</span>{' '}
        <span className="truncate font-mono text-ink-soft text-small">
          <UntrustedText text={object.name} max={70} />
        </span>{' '}
        <span
          className={cn(
            'truncate text-right text-small',
            mark === 'pass' ? 'text-ink-soft' : STATE_TEXT[mark],
          )}
        >
          <UntrustedText text={object.finding} max={120} />
        </span>
      </ProvenanceButton>
    </li>
  );
}

function Tree({ placement, arm }: { placement: Placement; arm: Arm }): ReactNode {
  const rows = toTreeRows(placement.services, arm);
  return (
    <section aria-label={`Objects of ${ARM_LOOKS[arm].name}`} className="flex min-h-0 min-w-0 flex-col">
      <h2
        className={cn(
          'border-ink border-b-(length:--stroke) pb-1 font-semibold text-heading',
          ARM_LOOKS[arm].text,
        )}
      >
        <ArmMark arm={arm} /> {ARM_LOOKS[arm].name}
      </h2>
      {rows.length === 0 ? (
        <EmptyFace title="Nothing to show" because="The service does not exist, or may not be read." />
      ) : (
        <ScrollRegion
          label={`Objects of ${ARM_LOOKS[arm].name}, by owner`}
          className="relative min-h-0 overflow-y-auto"
        >
          <ul className="text-dense">
            {rows.map((row) => (
              <Row key={row.object.uid} placement={placement} row={row} />
            ))}
          </ul>
        </ScrollRegion>
      )}
    </section>
  );
}

/** What the controllers made of each service, by owner reference; a press on a pod opens its log. */
export function UnderTheHood({ placement }: { placement: Placement }): ReactNode {
  return (
    <div className="grid min-h-0 grow gap-x-8 gap-y-6 @min-[60rem]:grid-cols-[2fr_3fr] stage:grid-cols-[2fr_3fr] stage:grid-rows-[minmax(0,1fr)_auto] stage:gap-y-2">
      {ARMS.map((arm) => (
        <Tree key={arm} placement={placement} arm={arm} />
      ))}
      <p className="text-ink-soft text-small @min-[60rem]:col-span-2 stage:col-span-2">
        By owner reference, from list and watch. Secrets, roles and accounts are not read. Press a pod for its
        log.
      </p>
    </div>
  );
}
