import type { PrometheusOptions, ScrapeTarget } from '../parts.ts';
import {
  type MetricsPage,
  normalizeNumberLabel,
  type PageMetadata,
  parsePage,
  parseSeriesText,
} from './exposition-parser.ts';
import { LabelSet, METRIC_NAME } from './label-set.ts';
import type { Series, SeriesStore } from './series-store.ts';

const MAX_SCRAPE_TIMEOUT_MS = 10_000;

export interface TargetStatus {
  labels: Record<string, string>;
  health: 'up' | 'down';
  lastError: string;
  lastScrapeMs: number;
  lastScrapeDurationSeconds: number;
}

/** What is remembered of a target between scrapes. */
interface KnownTarget {
  /** By the text of the page: parsed and relabelled once. */
  labelsByText: Map<string, LabelSet>;
  /** Series with a sample in the latest scrape. */
  present: Set<Series>;
  reported: Set<Series>;
  metadata: Map<string, PageMetadata>;
  status: TargetStatus;
  /** What cumulative series stood at when they were last reset, by the text of the page. */
  baselines: Map<string, number>;
  isResetDue: boolean;
}

/** Scrapes in rounds and writes into the store: samples, `up` and its company, staleness markers. */
export class ScrapeLoop {
  private readonly options: PrometheusOptions;
  private readonly store: SeriesStore;
  private readonly targets = new Map<string, KnownTarget>();

  constructor(options: PrometheusOptions, store: SeriesStore) {
    this.options = options;
    this.store = store;
  }

  async scrapeOnce(): Promise<void> {
    const timeMs = Math.round(this.options.clock.nowMs());
    const targets = new Map(
      this.options
        .targets()
        .map((target) => [LabelSet.from(target.labels).key + target.metricNamePrefix, target]),
    );
    for (const [key, known] of this.targets) {
      if (targets.has(key)) continue;
      this.targets.delete(key);
      for (const series of [...known.present, ...known.reported]) this.store.markStale(series, timeMs);
    }
    await Promise.all([...targets].map(([key, target]) => this.scrapeTarget(key, target, timeMs)));
    this.store.expire(timeMs);
  }

  /** Counters and histograms of all targets start again from zero with the next scrape. */
  resetCounters(): void {
    for (const known of this.targets.values()) known.isResetDue = true;
  }

  targetStatus(): TargetStatus[] {
    return [...this.targets.values()].map(({ status }) => status);
  }

  /** Families of all live targets by name; the same text from several targets counts once. */
  metadata(): Map<string, PageMetadata[]> {
    const all = new Map<string, PageMetadata[]>();
    for (const { metadata } of this.targets.values()) {
      for (const [family, entry] of metadata) {
        const entries = all.get(family) ?? [];
        if (!entries.some(({ type, help }) => type === entry.type && help === entry.help))
          entries.push(entry);
        all.set(family, entries);
      }
    }
    return all;
  }

  private async scrapeTarget(key: string, target: ScrapeTarget, timeMs: number): Promise<void> {
    const known = this.known(key, target);
    let page: MetricsPage | null = null;
    let error = '';
    try {
      page = parsePage(await this.withTimeout(target.fetchPage()));
      this.ingest(known, target, page, timeMs);
    } catch (failure) {
      page = null;
      error = failure instanceof Error ? failure.message : String(failure);
    }
    if (page === null) this.end(known, known.present, timeMs);
    const durationSeconds = Math.max(0, this.options.clock.nowMs() - timeMs) / 1000;
    this.report(known, target, timeMs, {
      up: page === null ? 0 : 1,
      scrape_duration_seconds: durationSeconds,
      scrape_samples_scraped: page?.samples.length ?? 0,
      scrape_samples_post_metric_relabeling: page?.samples.length ?? 0,
    });
    known.status = {
      labels: target.labels,
      health: page === null ? 'down' : 'up',
      lastError: error,
      lastScrapeMs: timeMs,
      lastScrapeDurationSeconds: durationSeconds,
    };
  }

  private known(key: string, target: ScrapeTarget): KnownTarget {
    const known = this.targets.get(key);
    if (known !== undefined) return known;
    const created: KnownTarget = {
      labelsByText: new Map(),
      present: new Set(),
      reported: new Set(),
      metadata: new Map(),
      baselines: new Map(),
      isResetDue: false,
      status: {
        labels: target.labels,
        health: 'down',
        lastError: '',
        lastScrapeMs: 0,
        lastScrapeDurationSeconds: 0,
      },
    };
    this.targets.set(key, created);
    return created;
  }

  private ingest(known: KnownTarget, target: ScrapeTarget, page: MetricsPage, timeMs: number): void {
    const present = new Set<Series>();
    // A malformed line must not leave half a page behind: resolve every series before the first sample.
    const resolved = page.samples.map(({ seriesText, value }) => {
      const labels = known.labelsByText.get(seriesText) ?? seriesLabels(seriesText, target, page.metadata);
      known.labelsByText.set(seriesText, labels);
      return { series: this.store.series(labels), value: sinceReset(known, page, seriesText, value) };
    });
    known.isResetDue = false;
    for (const { series, value } of resolved) {
      if (present.has(series)) continue;
      present.add(series);
      this.store.append(series, timeMs, value);
    }
    this.end(known, new Set([...known.present].filter((series) => !present.has(series))), timeMs);
    known.present = present;
    known.metadata = page.metadata;
  }

  private end(known: KnownTarget, gone: ReadonlySet<Series>, timeMs: number): void {
    for (const series of gone) {
      this.store.markStale(series, timeMs);
      known.present.delete(series);
    }
  }

  /** Target series: never renamed by metric relabelling. */
  private report(
    known: KnownTarget,
    target: ScrapeTarget,
    timeMs: number,
    values: Record<string, number>,
  ): void {
    for (const [name, value] of Object.entries(values)) {
      const series = this.store.series(LabelSet.from({ ...target.labels, [METRIC_NAME]: name }));
      known.reported.add(series);
      this.store.append(series, timeMs, value);
    }
  }

  private withTimeout<T>(work: Promise<T>): Promise<T> {
    const { clock, scrapeIntervalMs } = this.options;
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(Math.min(scrapeIntervalMs, MAX_SCRAPE_TIMEOUT_MS), () =>
        reject(new Error('context deadline exceeded')),
      );
      work.then(resolve, reject).finally(cancel);
    });
  }
}

/** The value a series would have if its target had restarted when a reset was asked for. */
function sinceReset(known: KnownTarget, page: MetricsPage, seriesText: string, value: number): number {
  if (known.isResetDue && isCumulative(seriesText, page.metadata)) known.baselines.set(seriesText, value);
  const baseline = known.baselines.get(seriesText);
  if (baseline === undefined) return value;
  if (value >= baseline) return value - baseline;
  // The target has restarted by itself.
  known.baselines.delete(seriesText);
  return value;
}

function isCumulative(seriesText: string, metadata: ReadonlyMap<string, PageMetadata>): boolean {
  const name = seriesText.split('{', 1)[0] ?? '';
  if (metadata.get(name)?.type === 'counter') return true;
  const family = metadata.get(name.replace(/_(bucket|count|sum)$/, ''))?.type;
  return family === 'histogram' || family === 'summary';
}

/** Target labels win, and a label of the page with the same name becomes `exported_…` (metrics §6.1); unless labels are honored. */
function seriesLabels(
  seriesText: string,
  target: ScrapeTarget,
  metadata: ReadonlyMap<string, PageMetadata>,
): LabelSet {
  const { name, labels } = parseSeriesText(seriesText);
  const isBucket =
    name.endsWith('_bucket') && metadata.get(name.slice(0, -'_bucket'.length))?.type === 'histogram';
  const isQuantile = metadata.get(name)?.type === 'summary';
  const isHonored = target.honorsLabels === true;
  const pageLabels = labels
    .filter(([, value]) => value !== '')
    .map(([label, value]): [string, string] => [
      isHonored ? label : exportedName(label, target.labels, labels),
      (isBucket && label === 'le') || (isQuantile && label === 'quantile')
        ? normalizeNumberLabel(value)
        : value,
    ]);
  const own = Object.entries(target.labels).filter(
    ([name]) => !isHonored || !labels.some(([label]) => label === name),
  );
  return LabelSet.of([...pageLabels, ...own, [METRIC_NAME, `${target.metricNamePrefix}${name}`]]);
}

function exportedName(
  label: string,
  targetLabels: Readonly<Record<string, string>>,
  pageLabels: readonly (readonly [string, string])[],
): string {
  let name = label;
  while (name in targetLabels || (name !== label && pageLabels.some(([other]) => other === name))) {
    name = `exported_${name}`;
  }
  return name;
}
