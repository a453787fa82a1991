import 'server-only';
import { z } from 'zod';
import type {
  ContainerState,
  ContainerStatus,
  KubePod,
  PodContainer,
  ProbePatience,
} from '@/lib/domain/objects/core';
import { isGpuResource } from '@/lib/domain/objects/gpus';
import { amounts, fields, integer, list, optionalFields, required, stringMap, text, texts } from './lenient';
import { conditionsSchema, metaSchema } from './meta';

/** The one environment variable that is read, because it holds engine arguments (kubernetes-objects §3.7). */
const ENGINE_ARGUMENTS_VARIABLE = 'VLLM_ADDITIONAL_ARGS';

const patience = optionalFields({
  initialDelaySeconds: integer,
  periodSeconds: integer,
  failureThreshold: integer,
});

export const containerSchema = z.object({
  name: required,
  image: text,
  command: texts,
  args: texts,
  env: list(z.object({ name: z.string(), value: text })),
  resources: fields({ limits: amounts, requests: amounts }),
  restartPolicy: text,
  livenessProbe: patience,
  startupProbe: patience,
});

type RawContainer = z.output<typeof containerSchema>;

const stateSchema = fields({
  waiting: z.object({ reason: text, message: text }).nullable().catch(null),
  running: z.object({ startedAt: text }).nullable().catch(null),
  terminated: z
    .object({ reason: text, exitCode: integer, startedAt: text, finishedAt: text })
    .nullable()
    .catch(null),
});

const statusSchema = z.object({
  name: required,
  ready: z.boolean().catch(false),
  started: z.boolean().nullish().catch(null),
  restartCount: z.number().catch(0),
  state: stateSchema,
  lastState: stateSchema,
});

const podSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    nodeName: text,
    nodeSelector: stringMap,
    tolerations: list(fields({ key: text, operator: text, value: text, effect: text })),
    schedulingGates: list(z.object({ name: z.string() })),
    containers: list(containerSchema),
    initContainers: list(containerSchema),
  }),
  status: fields({
    phase: text,
    podIP: text,
    startTime: text,
    conditions: conditionsSchema,
    containerStatuses: list(statusSchema),
    initContainerStatuses: list(statusSchema),
  }),
});

/** Also reads gated and unschedulable pods, which have no node, no IP and no container statuses. */
export function parsePod(raw: unknown): KubePod {
  const { metadata, spec, status } = podSchema.parse(raw);
  return {
    meta: metadata,
    nodeName: spec.nodeName === '' ? null : spec.nodeName,
    nodeSelector: spec.nodeSelector,
    tolerations: spec.tolerations,
    schedulingGates: spec.schedulingGates.map((gate) => gate.name),
    containers: [
      ...spec.initContainers.map((container) =>
        toContainer(container, container.restartPolicy === 'Always' ? 'sidecar' : 'init'),
      ),
      ...spec.containers.map((container) => toContainer(container, 'app')),
    ],
    phase: status.phase ?? 'Unknown',
    podIp: status.podIP,
    startedAt: status.startTime,
    conditions: status.conditions,
    containerStatuses: [
      ...status.initContainerStatuses.map((item) => toStatus(item, true)),
      ...status.containerStatuses.map((item) => toStatus(item, false)),
    ],
  };
}

/** GPUs of a container: limits, which equal requests for extended resources; requests where no limit is set. */
export function containerGpus(container: Pick<RawContainer, 'resources'>): PodContainer['gpus'] {
  const { limits, requests } = container.resources;
  return Object.fromEntries(
    Object.entries({ ...requests, ...limits }).filter(([resource]) => isGpuResource(resource)),
  );
}

/** Engine arguments may carry the endpoint's key; it is cut out before anything else sees it. */
export function withoutSecrets(argument: string): string {
  return argument.replaceAll(/(--?(?:api-key|hf-token|token))(=|\s+)("[^"]*"|'[^']*'|[^\s"']+)/g, '$1$2***');
}

/** As `withoutSecrets`, for a list in which flag and value may be two arguments. */
export function argumentsWithoutSecrets(args: readonly string[]): string[] {
  return args.map((argument, index) =>
    /^--?(?:api-key|hf-token|token)$/.test(args[index - 1] ?? '') ? '***' : withoutSecrets(argument),
  );
}

function toContainer(raw: RawContainer, kind: PodContainer['kind']): PodContainer {
  const additional = raw.env.find((variable) => variable.name === ENGINE_ARGUMENTS_VARIABLE)?.value ?? null;
  return {
    name: raw.name,
    kind,
    image: raw.image,
    command: argumentsWithoutSecrets(raw.command),
    args: argumentsWithoutSecrets(raw.args),
    additionalEngineArgs: additional === null ? null : withoutSecrets(additional),
    environmentNames: raw.env.map((variable) => variable.name),
    livenessProbe: toPatience(raw.livenessProbe),
    startupProbe: toPatience(raw.startupProbe),
    gpus: containerGpus(raw),
  };
}

/** The API's own defaults: no delay, every 10 s, three failures. */
function toPatience(raw: z.output<typeof patience>): ProbePatience | null {
  if (raw === null) return null;
  return {
    initialDelaySeconds: raw.initialDelaySeconds ?? 0,
    periodSeconds: raw.periodSeconds ?? 10,
    failureThreshold: raw.failureThreshold ?? 3,
  };
}

function toStatus(raw: z.output<typeof statusSchema>, init: boolean): ContainerStatus {
  const last = raw.lastState.terminated;
  return {
    name: raw.name,
    init,
    ready: raw.ready,
    started: raw.started ?? null,
    restarts: raw.restartCount,
    state: toState(raw.state),
    lastTermination:
      last === null ? null : { reason: last.reason, exitCode: last.exitCode, startedAt: last.startedAt },
  };
}

function toState(raw: z.output<typeof stateSchema>): ContainerState | null {
  if (raw.terminated !== null) {
    const { reason, exitCode, finishedAt } = raw.terminated;
    return { kind: 'terminated', reason, exitCode, finishedAt };
  }
  if (raw.waiting !== null) return { kind: 'waiting', ...raw.waiting };
  if (raw.running !== null) return { kind: 'running', ...raw.running };
  return null;
}
