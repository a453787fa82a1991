import 'server-only';
import { type ChartTimes, toChartTimes } from '@/lib/domain/load';
import { ARMS, type UnixMs } from '@/lib/domain/vocabulary';
import type { SurveyResult } from '@/lib/server/prometheus/survey';
import { rateWindowSeconds, toGrid } from '@/lib/server/prometheus/time-grid';

/** The curve that is shown unless another is asked for. */
const USUAL_WINDOW = '5m';

/** When a load shows in the curves, by the scrape interval that the samples themselves tell; the slower arm decides. */
export function chartTimesOf(survey: SurveyResult, startedAt: UnixMs): ChartTimes | null {
  if (!survey.ok) return null;
  const { arms } = survey.survey;
  const intervals = ARMS.flatMap((arm) => arms[arm].scrapeIntervalSeconds ?? []);
  if (intervals.length === 0) return null;
  const scrapeSeconds = Math.max(...intervals);
  const { stepSeconds } = toGrid(USUAL_WINDOW, startedAt, scrapeSeconds);
  return toChartTimes(startedAt, scrapeSeconds, rateWindowSeconds(scrapeSeconds, stepSeconds));
}
