'use client';

import { type ReactNode, useState } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { CopyButton } from '@/components/ui/copy-button';
import { saveFile } from '@/lib/client/save-file';
import { ARMS } from '@/lib/domain/vocabulary';
import { toChartCsv } from './chart-csv';
import type { ChartId } from './chart-looks';
import type { ChartModel } from './chart-model';
import { toChartPicture } from './chart-picture';
import { type CompareFrame, findChartSeries } from './compare-frame';
import type { PublishedFigures } from './published-figures';

const ACTION =
  'rounded-[0.375rem] border-(length:--hair) border-line px-[0.6em] py-[0.2em] text-small whitespace-nowrap no-underline aria-pressed:bg-ink aria-pressed:text-ground';

/** Both arms' queries, to paste into Prometheus or Grafana. */
export function toQueries(frame: CompareFrame, id: ChartId): string {
  return ARMS.flatMap((arm) => {
    const promql = findChartSeries(frame, id, arm)?.promql ?? '';
    return promql === '' ? [] : [`# ${ARM_LOOKS[arm].name}\n${promql}`];
  }).join('\n');
}

/** What can be done with an opened chart: read it as a table, copy its queries, take it away, close it. */
export function ChartActions({
  frame,
  chart,
  published,
  isTable,
  onTable,
  onClose,
}: {
  frame: CompareFrame;
  chart: ChartModel;
  published: PublishedFigures | null;
  isTable: boolean;
  onTable: () => void;
  onClose: () => void;
}): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const name = `${chart.id}-${frame.compare.observedAt.replaceAll(':', '-')}-${frame.compare.mode}`;
  const savePicture = (): void => {
    toChartPicture(frame, chart, published).then(
      (picture) => saveFile(`${name}.png`, picture),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  const saveCsv = (): void => {
    const text = toChartCsv(frame, chart, published);
    saveFile(`${name}.csv`, new Blob([text], { type: 'text/csv;charset=utf-8' }));
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <button type="button" aria-pressed={isTable} onClick={onTable} className={ACTION}>
        Table
      </button>
      <CopyButton text={toQueries(frame, chart.id)} label="Copy PromQL" answersKey className={ACTION} />
      <button type="button" onClick={saveCsv} className={ACTION}>
        CSV
      </button>
      <button type="button" onClick={savePicture} className={ACTION}>
        PNG
      </button>
      <button type="button" onClick={onClose} className={ACTION}>
        Close
      </button>
      {problem !== null && (
        <span role="alert" className="text-fail text-small">
          {problem}
        </span>
      )}
    </div>
  );
}
