import 'server-only';
import type { ProbeResult } from '@/lib/domain/probe';
import type { Clock } from '@/lib/server/clock';
import { startDeadline } from '@/lib/server/deadline';
import { readLimited } from '@/lib/server/http/read-limited';
import { type EndpointQuestion, getFromEndpoint } from './get-from-endpoint';
import { headerOf } from './send-chat';
import { failure, failureOfAnswer, failureOfConnection, type UpstreamFailure } from './upstream-failure';
import { modelListSchema } from './wire';

const DEADLINE_MS = 5_000;
/** A list of models is short. */
const MAX_BODY_BYTES = 256 * 1024;

export interface ServedModel {
  id: string;
  /** Longest prompt plus answer, in tokens. */
  maxModelLength: number | null;
}

/** Context of the model that is asked for; of a list that does not name it, only where there is no choice. */
export function contextOf(models: readonly ServedModel[], servedModelName: string): number | null {
  const [only, ...others] = models;
  const asked = models.find(({ id }) => id === servedModelName) ?? (others.length === 0 ? only : undefined);
  return asked?.maxModelLength ?? null;
}

export interface ModelsProbe {
  result: ProbeResult;
  models: readonly ServedModel[];
}

export interface ModelsProbeOptions extends EndpointQuestion {
  clock: Clock;
}

/** Asks an endpoint which models it serves; costs the engine nothing. */
export async function probeModels(options: ModelsProbeOptions): Promise<ModelsProbe> {
  const { endpoint, clock } = options;
  const url = new URL(`${endpoint.baseUrl}/v1/models`);
  const startedAtMs = clock.monotonic();
  const deadline = startDeadline(clock, DEADLINE_MS, options.signal);
  let status: number | null = null;
  let isLab = false;

  const conclude = (reason: UpstreamFailure | null, models: readonly ServedModel[]): ModelsProbe => ({
    models,
    result: {
      arm: endpoint.arm,
      path: endpoint.path,
      kind: 'models',
      request: `GET ${url.href}`,
      outcome: reason === null ? 'answered' : 'refused',
      httpStatus: status,
      observedAt: clock.now(),
      durationMs: Math.round(clock.monotonic() - startedAtMs),
      finding: reason?.message ?? foundModels(models),
      modelIds: reason === null ? models.map(({ id }) => id) : null,
      schedulerSeen: null,
      introducedAsLab: isLab,
    },
  });

  try {
    const response = await getFromEndpoint(url, { ...options, signal: deadline.signal });
    status = response.statusCode;
    isLab = headerOf(response.headers, 'x-lab') === '1';
    const contentType = headerOf(response.headers, 'content-type') ?? '';
    const body = await readLimited(response.body, MAX_BODY_BYTES);
    if (status !== 200) {
      const retryAfter = headerOf(response.headers, 'retry-after');
      return conclude(
        failureOfAnswer({ status, retryAfter, contentType, body }, endpoint.servedModelName),
        [],
      );
    }
    const models = toModels(body, contentType);
    return models === null ? conclude(NOT_A_LIST, []) : conclude(null, models);
  } catch (error) {
    return conclude(deadline.hasPassed() ? TOO_SLOW : failureOfConnection(error), []);
  } finally {
    deadline.clear();
  }
}

const NOT_A_LIST = failure('malformed', 'The endpoint answered 200, but not with a list of models.', 200);
const TOO_SLOW = failure('unreachable', `The endpoint did not answer within ${DEADLINE_MS / 1000} s.`);

function toModels(body: string, contentType: string): ServedModel[] | null {
  if (!contentType.includes('json')) return null;
  try {
    const list = modelListSchema.safeParse(JSON.parse(body));
    if (!list.success) return null;
    return list.data.data.map((model) => ({ id: model.id, maxModelLength: model.max_model_len ?? null }));
  } catch {
    return null;
  }
}

function foundModels(models: readonly ServedModel[]): string {
  return models.length === 0 ? 'Serves no model.' : `Serves ${models.map(({ id }) => id).join(', ')}.`;
}
