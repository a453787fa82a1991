import { Histogram } from './histogram.ts';
import type { Labels, PythonPage } from './page-writer.ts';

/** One answered request, as vLLM's HTTP middleware sees it. */
export interface HttpExchange {
  /** Route, or 'none' for an unknown path. */
  handler: string;
  method: string;
  statusCode: number;
  requestBytes: number;
  /** `content-length` of the response; 0 for streams, which have none. */
  responseBytes: number;
  durationSeconds: number;
}

/** Paths that the middleware leaves out (metrics §2.6). */
const EXCLUDED_HANDLERS = new Set(['/metrics', '/health', '/load', '/ping', '/version', '/server_info']);
const FINE_EDGES = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60,
];
const COARSE_EDGES = [0.1, 0.5, 1];

interface Series<V> {
  labels: Labels;
  value: V;
  createdSeconds: number;
}

/** The `http_*` part of the page. Series appear with their first request. */
export class HttpMetrics {
  private readonly requests = new Map<string, Series<{ total: number }>>();
  private readonly requestSizes = new Map<string, Series<{ count: number; sum: number }>>();
  private readonly responseSizes = new Map<string, Series<{ count: number; sum: number }>>();
  private readonly fineDuration = new Histogram(FINE_EDGES);
  private readonly durations = new Map<string, Series<Histogram>>();
  private readonly createdSeconds: number;

  constructor(createdMs: number) {
    this.createdSeconds = createdMs / 1000;
  }

  record(exchange: HttpExchange, nowMs: number): void {
    const { handler, method } = exchange;
    if (EXCLUDED_HANDLERS.has(handler)) return;
    const status = `${Math.floor(exchange.statusCode / 100)}xx`;
    const at = nowMs / 1000;
    seriesOf(this.requests, { handler, method, status }, at, () => ({ total: 0 })).total++;
    for (const [sizes, bytes] of [
      [this.requestSizes, exchange.requestBytes],
      [this.responseSizes, exchange.responseBytes],
    ] as const) {
      const summary = seriesOf(sizes, { handler }, at, () => ({ count: 0, sum: 0 }));
      summary.count++;
      summary.sum += bytes;
    }
    this.fineDuration.observe(exchange.durationSeconds);
    const coarse = seriesOf(this.durations, { handler, method }, at, () => new Histogram(COARSE_EDGES));
    coarse.observe(exchange.durationSeconds);
  }

  writeTo(page: PythonPage): void {
    const requestsHelp = 'Total number of requests by method, status and handler.';
    page.family('http_requests_total', requestsHelp, 'counter');
    for (const { labels, value } of this.requests.values()) {
      page.sample('http_requests_total', labels, value.total);
    }
    writeCreated(page, 'http_requests', requestsHelp, this.requests.values());

    for (const [direction, sizes] of [
      ['request', this.requestSizes],
      ['response', this.responseSizes],
    ] as const) {
      const name = `http_${direction}_size_bytes`;
      const way = direction === 'request' ? 'incoming requests' : 'outgoing responses';
      const help = `Content length of ${way} by handler. Only value of header is respected. Otherwise ignored. No percentile calculated. `;
      page.family(name, help, 'summary');
      for (const { labels, value } of sizes.values()) {
        page.sample(`${name}_count`, labels, value.count);
        page.sample(`${name}_sum`, labels, value.sum);
      }
      writeCreated(page, name, help, sizes.values());
    }

    const fineHelp =
      'Latency with many buckets but no API specific labels. Made for more accurate percentile calculations. ';
    page.family('http_request_duration_highr_seconds', fineHelp, 'histogram');
    page.histogram('http_request_duration_highr_seconds', {}, this.fineDuration);
    writeCreated(page, 'http_request_duration_highr_seconds', fineHelp, [
      { labels: {}, createdSeconds: this.createdSeconds },
    ]);

    const coarseHelp =
      'Latency with only few buckets by handler. Made to be only used if aggregation by handler is important. ';
    page.family('http_request_duration_seconds', coarseHelp, 'histogram');
    for (const { labels, value } of this.durations.values()) {
      page.histogram('http_request_duration_seconds', labels, value);
    }
    writeCreated(page, 'http_request_duration_seconds', coarseHelp, this.durations.values());
  }
}

function seriesOf<V>(
  all: Map<string, Series<V>>,
  labels: Labels,
  createdSeconds: number,
  initial: () => V,
): V {
  const key = Object.values(labels).join(' ');
  const known = all.get(key);
  if (known !== undefined) return known.value;
  const value = initial();
  all.set(key, { labels, value, createdSeconds });
  return value;
}

function writeCreated(
  page: PythonPage,
  name: string,
  help: string,
  series: Iterable<{ labels: Labels; createdSeconds: number }>,
): void {
  page.family(`${name}_created`, help, 'gauge');
  for (const { labels, createdSeconds } of series) page.sample(`${name}_created`, labels, createdSeconds);
}
