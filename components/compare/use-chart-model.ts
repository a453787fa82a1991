import { useEffect, useMemo, useRef } from 'react';
import type { ChartId } from './chart-looks';
import { type ChartModel, type ChartOptions, toChartModel } from './chart-model';
import type { CompareFrame } from './compare-frame';

/** The model of one chart; remembers the top of its axis for as long as window, percentile and unit stay. */
export function useChartModel(
  frame: CompareFrame,
  id: ChartId,
  { labelGap, waitUnit, published, isOpened }: Omit<ChartOptions, 'topBefore'>,
): ChartModel {
  const memory = useRef<{ scene: string; top: number } | null>(null);
  const scene = `${id} ${frame.compare.window} ${frame.compare.percentile} ${waitUnit} ${published?.id ?? ''} ${frame.isAligned}`;
  const chart = useMemo(() => {
    const topBefore = memory.current?.scene === scene ? memory.current.top : null;
    return toChartModel(frame, id, { labelGap, waitUnit, published, isOpened, topBefore });
  }, [frame, id, labelGap, waitUnit, published, isOpened, scene]);
  useEffect(() => {
    memory.current = { scene, top: chart.plot.top };
  }, [scene, chart]);
  return chart;
}
