import { Agent } from 'undici';
import type { Compare, CompareSeries, FurtherMetricId } from '@/lib/domain/compare';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { aCompare } from '@/lib/domain/testing/compare-fixtures';
import type { Arm, CompareWindow, MetricId } from '@/lib/domain/vocabulary';
import { systemClock } from '@/lib/server/clock';
import { createPrometheusClient, type PrometheusClient } from '@/lib/server/prometheus/client';
import { type CompareInput, readCompare } from '@/lib/server/prometheus/read-compare';
import { takeSurvey } from '@/lib/server/prometheus/survey';

/** For these tests: the dashboard's own way of asking, at whatever time it is in the lab. */
export interface CompareOnPrometheus {
  client: PrometheusClient;
  at(nowMs: number, window: CompareWindow, overrides?: Partial<CompareInput>): Promise<Compare>;
  /** Every query that such an answer takes, the members of a batch one by one. */
  recorded(
    nowMs: number,
    window: CompareWindow,
    overrides?: Partial<CompareInput>,
  ): Promise<{ queries: string[]; requests: number }>;
  close(): Promise<void>;
}

/** What a batch asks (lib/server/prometheus/query-batch.ts), query by query. */
function membersOf(promql: string): string[] {
  const members = [...promql.matchAll(/label_replace\((.*?), "asked", "\d+", "asked", "\.\*"\)/g)];
  return members.length === 0 ? [promql] : members.map(([, member]) => member ?? '');
}

export function compareOn(prometheusUrl: string): CompareOnPrometheus {
  const agent = new Agent();
  const client = createPrometheusClient({
    baseUrl: new URL(prometheusUrl),
    dispatcher: () => agent,
    readToken: async () => null,
    tenancyNamespace: null,
    // A busy machine may be slow; what is tested is what is answered.
    clock: { ...systemClock, after: () => () => {} },
  });
  const settings = DEFAULT_SETTINGS;
  const ask = async (
    client: PrometheusClient,
    now: number,
    window: CompareWindow,
    overrides: Partial<CompareInput>,
  ): Promise<Compare> => {
    const livePods = { baseline: [], distributed: [] };
    const properties = { baseModel: 'mistral-small-24b', properties: {} };
    const read = await readCompare({
      client,
      settings,
      survey: await takeSurvey({ client, settings, livePods, now }),
      properties: { baseline: properties, distributed: properties },
      roles: new Map(),
      probedAt: { baseline: [], distributed: [] },
      window,
      percentile: 95,
      end: null,
      breakdown: false,
      mode: 'simulated',
      now,
      previous: null,
      ...overrides,
    });
    return { ...aCompare(), ...read };
  };
  return {
    client,
    at: (now, window, overrides = {}) => ask(client, now, window, overrides),
    recorded: async (now, window, overrides = {}) => {
      const asked = new Set<string>();
      let requests = 0;
      const note = (promql: string): void => {
        requests += 1;
        for (const member of membersOf(promql)) asked.add(member);
      };
      const recorder: PrometheusClient = {
        ...client,
        query: (promql, at, signal) => {
          note(promql);
          return client.query(promql, at, signal);
        },
        queryRange: (promql, grid, signal) => {
          note(promql);
          return client.queryRange(promql, grid, signal);
        },
      };
      await ask(recorder, now, window, overrides);
      return { queries: [...asked], requests };
    },
    close: () => agent.destroy(),
  };
}

export type ChartId = MetricId | FurtherMetricId;

export function seriesIn(compare: Compare, id: ChartId, arm: Arm): CompareSeries {
  const series = [...compare.metrics, ...compare.furtherMetrics]
    .find((metric) => metric.id === id)
    ?.arms.find((one) => one.arm === arm);
  if (series === undefined) throw new Error(`no ${id} of ${arm}`);
  return series;
}
