import 'server-only';
import { type Dispatcher, request } from 'undici';
import type { z } from '@/lib/contracts/zod';
import type { Clock } from '@/lib/server/clock';
import { startDeadline } from '@/lib/server/deadline';
import { type ConnectionFailure, connectionFailureOf } from '@/lib/server/http/connection-failure';
import { BodyTooLargeError, readLimited } from '@/lib/server/http/read-limited';
import { type PrometheusProblem, problem, problemOfStatus } from './problem';
import { buildInfoSchema, envelopeSchema, queryDataSchema, type WireQueryData } from './wire';

/** Time limits by the nature of the question (metrics §9.2). */
const INSTANT_DEADLINE_MS = 5_000;
const RANGE_DEADLINE_MS = 10_000;
/** The largest answer we hold; two arms' curves of six hours take well under 1 MB. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Questions in flight at once: a poll is many small queries, and the store is shared with others. */
const MAX_IN_FLIGHT = 6;

export type PrometheusAnswer<T> =
  | { ok: true; value: T; warnings: readonly string[]; httpStatus: number }
  | { ok: false; problem: PrometheusProblem };

/** Times in Unix seconds; `start` and `end` are multiples of the step, so that repeated answers line up. */
export interface TimeGrid {
  startSeconds: number;
  endSeconds: number;
  stepSeconds: number;
}

export interface PrometheusClient {
  query(promql: string, atSeconds: number, signal?: AbortSignal): Promise<PrometheusAnswer<WireQueryData>>;
  queryRange(promql: string, grid: TimeGrid, signal?: AbortSignal): Promise<PrometheusAnswer<WireQueryData>>;
  /** Not served on the tenancy port: `refused` with 404 there. */
  buildInfo(signal?: AbortSignal): Promise<PrometheusAnswer<{ version: string }>>;
}

export interface PrometheusClientOptions {
  /** Where `/api/v1/…` lies. */
  baseUrl: URL;
  /** Asked before each request, so that a renewed CA is used; may throw when the CA was never readable. */
  dispatcher: () => Dispatcher;
  /** The bearer token now (token files rotate); `null` for none. May throw when the file cannot be read. */
  readToken: () => Promise<string | null>;
  /** Sent as `namespace=`, for the tenancy port. */
  tenancyNamespace: string | null;
  clock: Clock;
}

/** GET only: the tenancy proxy maps POST to a right that `view` does not give (metrics §9.2). */
export function createPrometheusClient(options: PrometheusClientOptions): PrometheusClient {
  const enter = createGate(MAX_IN_FLIGHT);

  async function get<T>(
    path: string,
    parameters: Record<string, string>,
    schema: z.ZodType<T>,
    deadlineMs: number,
    caller: AbortSignal | undefined,
  ): Promise<PrometheusAnswer<T>> {
    const leave = await enter();
    const deadline = startDeadline(options.clock, deadlineMs, caller);
    try {
      return await exchange(toUrl(options, path, parameters), schema, options, deadline.signal);
    } catch (error) {
      if (caller?.aborted === true) return refused(problem('aborted', null, 'The question was withdrawn.'));
      if (deadline.hasPassed()) {
        return refused(
          problem('unreachable', null, `Prometheus did not answer within ${deadlineMs / 1000} s.`),
        );
      }
      return refused(problemOfError(error));
    } finally {
      deadline.clear();
      leave();
    }
  }

  return {
    query: (promql, atSeconds, signal) =>
      get(
        'query',
        { query: promql, time: String(atSeconds), timeout: `${INSTANT_DEADLINE_MS}ms` },
        queryDataSchema,
        INSTANT_DEADLINE_MS,
        signal,
      ),
    queryRange: (promql, grid, signal) =>
      get(
        'query_range',
        {
          query: promql,
          start: String(grid.startSeconds),
          end: String(grid.endSeconds),
          step: String(grid.stepSeconds),
          timeout: `${RANGE_DEADLINE_MS}ms`,
        },
        queryDataSchema,
        RANGE_DEADLINE_MS,
        signal,
      ),
    buildInfo: (signal) => get('status/buildinfo', {}, buildInfoSchema, INSTANT_DEADLINE_MS, signal),
  };
}

async function exchange<T>(
  url: URL,
  schema: z.ZodType<T>,
  options: PrometheusClientOptions,
  signal: AbortSignal,
): Promise<PrometheusAnswer<T>> {
  let token: string | null;
  try {
    token = await options.readToken();
  } catch {
    return refused(
      problem('unauthenticated', null, 'The token file cannot be read (PROMETHEUS_TOKEN_FILE).'),
    );
  }
  let dispatcher: Dispatcher;
  try {
    dispatcher = options.dispatcher();
  } catch {
    return refused(problem('unreachable', null, 'The CA file cannot be read (PROMETHEUS_CA_FILE).'));
  }
  const response = await request(url, {
    method: 'GET',
    dispatcher,
    signal,
    headers: {
      accept: 'application/json',
      // An encoded body could grow without limit when it is unpacked; plain text is counted.
      'accept-encoding': 'identity',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const text = await readLimited(response.body, MAX_BODY_BYTES);
  const contentType = String(response.headers['content-type'] ?? '');
  const encoding = String(response.headers['content-encoding'] ?? 'identity');
  // A proxy or router answers in text or HTML; only Prometheus itself speaks JSON (metrics §9.1).
  const envelope =
    contentType.includes('application/json') && encoding === 'identity' ? parseEnvelope(text) : null;
  if (response.statusCode !== 200) {
    return refused(problemOfStatus(response.statusCode, knownErrorType(envelope?.errorType)));
  }
  if (envelope === null || envelope.status !== 'success') {
    return refused(
      problem('malformed', 200, 'The address answers, but not as Prometheus does. Is PROMETHEUS_URL right?'),
    );
  }
  const data = schema.safeParse(envelope.data);
  if (!data.success) {
    return refused(problem('malformed', 200, 'Prometheus answered in an unexpected shape.'));
  }
  return {
    ok: true,
    value: data.data,
    warnings: (envelope.warnings ?? []).map(cleanWarning),
    httpStatus: response.statusCode,
  };
}

function toUrl(options: PrometheusClientOptions, path: string, parameters: Record<string, string>): URL {
  const url = new URL(`${options.baseUrl.pathname.replace(/\/+$/, '')}/api/v1/${path}`, options.baseUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (options.tenancyNamespace !== null) url.searchParams.set('namespace', options.tenancyNamespace);
  return url;
}

function parseEnvelope(text: string): z.infer<typeof envelopeSchema> | null {
  try {
    return envelopeSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Prometheus' own words for failures; anything else is not repeated. */
function knownErrorType(errorType: string | undefined): string | null {
  const known = ['bad_data', 'execution', 'timeout', 'canceled', 'internal', 'unavailable', 'not_found'];
  return known.find((word) => word === errorType) ?? null;
}

const MAX_WARNING_LENGTH = 200;

function cleanWarning(warning: string): string {
  const line = warning.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > MAX_WARNING_LENGTH ? `${line.slice(0, MAX_WARNING_LENGTH)}…` : line;
}

function problemOfError(error: unknown): PrometheusProblem {
  if (error instanceof BodyTooLargeError) {
    return problem('malformed', null, 'The answer of Prometheus is too large to be one of ours.');
  }
  return problem('unreachable', null, CONNECTION_PROBLEMS[connectionFailureOf(error)]);
}

const CONNECTION_PROBLEMS: Record<ConnectionFailure, string> = {
  'name-not-resolved': 'The host name of Prometheus does not resolve.',
  'connection-refused': 'Prometheus refuses the connection.',
  'connect-timeout': 'No connection to Prometheus could be made in time.',
  'certificate-not-trusted': 'The certificate of Prometheus is not trusted (PROMETHEUS_CA_FILE).',
  'connection-broken': 'The connection to Prometheus broke.',
};

function refused(reason: PrometheusProblem): { ok: false; problem: PrometheusProblem } {
  return { ok: false, problem: reason };
}

/** At most `limit` holders at once; the others wait in order. */
function createGate(limit: number): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let held = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) held -= 1;
    else next();
  };
  return async () => {
    if (held < limit) held += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    let hasLeft = false;
    return () => {
      if (!hasLeft) leave();
      hasLeft = true;
    };
  };
}
