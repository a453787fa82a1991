import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { queryDataJson, sendJson, sendText } from './api-json.ts';
import { BadParameter, limitParameter, stepParameter, timeParameter } from './api-parameters.ts';
import type { PageMetadata } from './exposition-parser.ts';
import type { LabelMatcher } from './label-matcher.ts';
import { parseSelector } from './promql-parse.ts';
import { ParseError } from './promql-syntax.ts';
import { ExecutionError } from './promql-values.ts';
import { instantQuery, type QueryResult, QueryTypeError, rangeQuery } from './query-engine.ts';
import type { TargetStatus } from './scrape-loop.ts';
import type { Series, SeriesSource } from './series-store.ts';

const MAX_POINTS = 11_000;
const READ_METHODS = ['GET', 'POST'];

const PLAIN_ANSWERS: ReadonlyMap<string, PlainAnswer> = new Map([
  ['/-/ready', [200, 'Prometheus Server is Ready.\n']],
  ['/-/healthy', [200, 'Prometheus Server is Healthy.\n']],
]);
const NOT_FOUND: PlainAnswer = [404, '404 page not found\n'];
type PlainAnswer = [statusCode: number, text: string];

export interface ApiSources {
  clock: Clock;
  store: SeriesSource;
  metadata(): Map<string, PageMetadata[]>;
  targets(): TargetStatus[];
  /** Remarks that go with every answer about series, whatever was asked. */
  warnings?(): string[];
}

/** The answer of an endpoint: `data` is JSON text, because sample values have their own spelling. */
interface Answer {
  data: string;
  warnings?: string[];
  infos?: string[];
}

/** The HTTP API of Prometheus, as far as dashboards use it. */
export class HttpApi {
  private readonly sources: ApiSources;

  constructor(sources: ApiSources) {
    this.sources = sources;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(`http://prometheus${request.url ?? '/'}`);
    if (request.method !== 'POST') {
      this.respond(request, response, url.pathname, url.searchParams);
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(parts).toString('utf8'));
      for (const [name, value] of url.searchParams) form.append(name, value);
      this.respond(request, response, url.pathname, form);
    });
  }

  private respond(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    parameters: URLSearchParams,
  ): void {
    const endpoint = this.endpoint(path);
    if (endpoint === null) {
      sendText(response, ...(PLAIN_ANSWERS.get(path) ?? NOT_FOUND));
      return;
    }
    if (!endpoint.methods.includes(request.method ?? '')) {
      response.setHeader('Allow', endpoint.methods.join(', '));
      sendText(response, 405, 'Method Not Allowed\n');
      return;
    }
    try {
      const { data, warnings: own = [], infos = [] } = endpoint.answer(parameters);
      const warnings = [...own, ...(this.sources.warnings?.() ?? [])];
      const remarks =
        (warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`) +
        (infos.length === 0 ? '' : `,"infos":${JSON.stringify(infos)}`);
      sendJson(response, 200, `{"status":"success","data":${data}${remarks}}`);
    } catch (failure) {
      const { statusCode, errorType } = classify(failure);
      const error = failure instanceof Error ? failure.message : String(failure);
      sendJson(response, statusCode, JSON.stringify({ status: 'error', errorType, error }));
    }
  }

  private endpoint(
    path: string,
  ): { methods: readonly string[]; answer(parameters: URLSearchParams): Answer } | null {
    const label = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path)?.[1];
    if (label !== undefined) {
      return {
        methods: ['GET'],
        answer: (parameters) => this.labelValues(decodeURIComponent(label), parameters),
      };
    }
    switch (path) {
      case '/api/v1/query':
        return { methods: READ_METHODS, answer: (parameters) => this.query(parameters) };
      case '/api/v1/query_range':
        return { methods: READ_METHODS, answer: (parameters) => this.queryRange(parameters) };
      case '/api/v1/series':
        return { methods: READ_METHODS, answer: (parameters) => this.series(parameters) };
      case '/api/v1/labels':
        return { methods: READ_METHODS, answer: (parameters) => this.labels(parameters) };
      case '/api/v1/metadata':
        return { methods: ['GET'], answer: (parameters) => this.metadata(parameters) };
      case '/api/v1/targets':
        return { methods: ['GET'], answer: () => this.targets() };
      case '/api/v1/status/buildinfo':
        return { methods: ['GET'], answer: () => ({ data: JSON.stringify(BUILD_INFO) }) };
      default:
        return null;
    }
  }

  private query(parameters: URLSearchParams): Answer {
    const timeMs = timeParameter(parameters, 'time', Math.round(this.sources.clock.nowMs()));
    const query = parameters.get('query') ?? '';
    return toAnswer(withQuery(() => instantQuery(this.sources.store, query, timeMs)));
  }

  private queryRange(parameters: URLSearchParams): Answer {
    const startMs = timeParameter(parameters, 'start', null);
    const endMs = timeParameter(parameters, 'end', null);
    if (endMs < startMs) throw new BadParameter('end', 'end timestamp must not be before start time');
    const stepMs = stepParameter(parameters, 'step');
    if ((endMs - startMs) / stepMs > MAX_POINTS) {
      throw new BadData(
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    }
    const query = parameters.get('query') ?? '';
    return toAnswer(withQuery(() => rangeQuery(this.sources.store, query, startMs, endMs, stepMs)));
  }

  private series(parameters: URLSearchParams): Answer {
    if (!parameters.has('match[]')) throw new BadData('no match[] parameter provided');
    const found = this.selected(parameters).map(({ labels }) => labels.toObject());
    return limited(found, parameters);
  }

  private labels(parameters: URLSearchParams): Answer {
    const names = new Set(
      this.selected(parameters).flatMap(({ labels }) => labels.entries.map(([name]) => name)),
    );
    return limited([...names].sort(), parameters);
  }

  private labelValues(name: string, parameters: URLSearchParams): Answer {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
      throw new BadData(`invalid label name: ${JSON.stringify(name)}`);
    const values = new Set(this.selected(parameters).map(({ labels }) => labels.get(name)));
    values.delete('');
    return limited([...values].sort(), parameters);
  }

  private metadata(parameters: URLSearchParams): Answer {
    const metric = parameters.get('metric');
    const limit = limitParameter(parameters);
    const entries = [...this.sources.metadata()].filter(([family]) => metric === null || family === metric);
    const data = Object.fromEntries(
      (limit > 0 ? entries.slice(0, limit) : entries).map(([family, found]) => [
        family,
        found.map(({ type, help }) => ({ type, help, unit: '' })),
      ]),
    );
    return { data: JSON.stringify(data) };
  }

  private targets(): Answer {
    const activeTargets = this.sources.targets().map((target) => ({
      labels: target.labels,
      scrapePool: target.labels.job ?? '',
      lastError: target.lastError,
      lastScrape: new Date(target.lastScrapeMs).toISOString(),
      lastScrapeDuration: target.lastScrapeDurationSeconds,
      health: target.health,
    }));
    return { data: JSON.stringify({ activeTargets, droppedTargets: [], droppedTargetCounts: {} }) };
  }

  /** Series that any of the selectors finds and that have samples in the time asked for. */
  private selected(parameters: URLSearchParams): Series[] {
    const startMs = timeParameter(parameters, 'start', Number.NEGATIVE_INFINITY);
    const endMs = timeParameter(parameters, 'end', Number.POSITIVE_INFINITY);
    const selectors = parameters.getAll('match[]').map((text) => {
      try {
        return parseSelector(text);
      } catch (failure) {
        throw new BadParameter('match[]', failure instanceof Error ? failure.message : String(failure));
      }
    });
    const everything: readonly (readonly LabelMatcher[])[] = [[]];
    const found = new Map<string, Series>();
    for (const matchers of selectors.length === 0 ? everything : selectors) {
      for (const series of this.sources.store.select(matchers)) {
        const isInTime =
          (series.firstMs() ?? Number.POSITIVE_INFINITY) <= endMs &&
          (series.lastMs() ?? Number.NEGATIVE_INFINITY) >= startMs;
        if (isInTime) found.set(series.labels.key, series);
      }
    }
    return [...found.values()];
  }
}

const BUILD_INFO = {
  version: '3.5.0+lab',
  revision: 'embedded',
  branch: 'lab',
  buildUser: 'lab',
  buildDate: '20250714-15:13:30',
  goVersion: 'none',
};

/** A request that is wrong without one parameter being to blame. */
class BadData extends Error {}

function classify(failure: unknown): { statusCode: number; errorType: string } {
  if (failure instanceof BadParameter || failure instanceof BadData) {
    return { statusCode: 400, errorType: 'bad_data' };
  }
  if (failure instanceof ExecutionError) return { statusCode: 422, errorType: 'execution' };
  return { statusCode: 500, errorType: 'internal' };
}

function withQuery(run: () => QueryResult): QueryResult {
  try {
    return run();
  } catch (failure) {
    if (failure instanceof ParseError || failure instanceof QueryTypeError) {
      throw new BadParameter('query', failure.message);
    }
    throw failure;
  }
}

function toAnswer({ data, warnings, infos }: QueryResult): Answer {
  return { data: queryDataJson(data), warnings, infos };
}

function limited(entries: readonly unknown[], parameters: URLSearchParams): Answer {
  const limit = limitParameter(parameters);
  if (limit === 0 || entries.length <= limit) return { data: JSON.stringify(entries) };
  return {
    data: JSON.stringify(entries.slice(0, limit)),
    warnings: ['results truncated due to limit'],
  };
}
