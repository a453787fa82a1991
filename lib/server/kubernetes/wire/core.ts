import 'server-only';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type {
  CronJob,
  Deployment,
  HorizontalPodAutoscaler,
  KubeEvent,
  KubeNamespace,
  KubeNode,
  KubeService,
  MonitoringConfig,
} from '@/lib/domain/objects/core';
import {
  amounts,
  fields,
  flag,
  integer,
  intOrString,
  isRecord,
  list,
  optionalFields,
  stringMap,
  text,
} from './lenient';
import { conditionsSchema, metaSchema } from './meta';

const nodeSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    unschedulable: flag,
    taints: list(z.object({ key: z.string(), value: text, effect: z.string().catch('') })),
  }),
  status: fields({ capacity: amounts, allocatable: amounts, conditions: conditionsSchema }),
});

export function parseNode(raw: unknown): KubeNode {
  const { metadata, spec, status } = nodeSchema.parse(raw);
  return { meta: metadata, ...spec, ...status };
}

const namespaceSchema = z.object({ metadata: metaSchema, status: fields({ phase: text }) });

export function parseNamespace(raw: unknown): KubeNamespace {
  const { metadata, status } = namespaceSchema.parse(raw);
  return { meta: metadata, phase: status.phase };
}

const serviceSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    type: text,
    clusterIP: text,
    selector: stringMap,
    ports: list(z.object({ name: text, port: z.number(), targetPort: intOrString, appProtocol: text })),
  }),
});

export function parseService(raw: unknown): KubeService {
  const { metadata, spec } = serviceSchema.parse(raw);
  return {
    meta: metadata,
    type: spec.type,
    clusterIp: spec.clusterIP,
    selector: spec.selector,
    ports: spec.ports,
  };
}

const eventSchema = z.object({
  metadata: metaSchema,
  type: z.enum(['Normal', 'Warning']).catch('Normal'),
  reason: z.string().catch(''),
  message: z.string().catch(''),
  involvedObject: fields({
    kind: z.string().catch(''),
    name: z.string().catch(''),
    namespace: text,
    uid: text,
  }),
  count: integer,
  firstTimestamp: text,
  lastTimestamp: text,
  eventTime: text,
  series: fields({ lastObservedTime: text, count: integer }),
});

/** Long messages carry whole stack traces; the beginning tells what happened. */
const MAX_EVENT_MESSAGE = 1_000;

export function parseEvent(raw: unknown): KubeEvent {
  const event = eventSchema.parse(raw);
  const times = [
    event.series.lastObservedTime,
    event.lastTimestamp,
    event.eventTime,
    event.firstTimestamp,
    event.metadata.createdAt,
  ].filter((time): time is string => time !== null && !Number.isNaN(Date.parse(time)));
  const newest = times.reduce<string | null>(
    (latest, time) => (latest === null || Date.parse(time) > Date.parse(latest) ? time : latest),
    null,
  );
  return {
    meta: event.metadata,
    type: event.type,
    reason: event.reason,
    message: event.message.slice(0, MAX_EVENT_MESSAGE),
    object: event.involvedObject,
    at: newest,
    count: event.series.count ?? event.count,
  };
}

const deploymentSchema = z.object({
  metadata: metaSchema,
  spec: fields({ replicas: integer }),
  status: fields({
    readyReplicas: z.number().catch(0),
    updatedReplicas: z.number().catch(0),
    conditions: conditionsSchema,
  }),
});

export function parseDeployment(raw: unknown): Deployment {
  const { metadata, spec, status } = deploymentSchema.parse(raw);
  return { meta: metadata, replicas: spec.replicas, ...status };
}

const metricValue = optionalFields({
  averageUtilization: integer,
  averageValue: intOrString,
  value: intOrString,
});

const metricSource = optionalFields({
  name: text,
  metric: optionalFields({ name: text }),
  target: metricValue,
  current: metricValue,
});

/** One metric of an autoscaler; the field that holds it is named after its type. */
const autoscalingMetric = fields({
  resource: metricSource,
  containerResource: metricSource,
  pods: metricSource,
  object: metricSource,
  external: metricSource,
});

type MetricSource = z.output<typeof metricSource>;

function sourceOf(metric: z.output<typeof autoscalingMetric>): MetricSource {
  return metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;
}

function nameOfSource(source: MetricSource): string | null {
  return source?.name ?? source?.metric?.name ?? null;
}

function valueText(value: z.output<typeof metricValue>): string | null {
  if (value === null) return null;
  if (value.averageUtilization !== null) return `${value.averageUtilization} %`;
  return value.averageValue ?? value.value;
}

const hpaSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    scaleTargetRef: optionalFields({ kind: z.string(), name: z.string() }),
    minReplicas: integer,
    maxReplicas: integer,
    metrics: list(autoscalingMetric),
  }),
  status: fields({
    currentReplicas: integer,
    desiredReplicas: integer,
    currentMetrics: list(autoscalingMetric),
  }),
});

export function parseHorizontalPodAutoscaler(raw: unknown): HorizontalPodAutoscaler {
  const { metadata, spec, status } = hpaSchema.parse(raw);
  return {
    meta: metadata,
    target: spec.scaleTargetRef,
    minReplicas: spec.minReplicas,
    maxReplicas: spec.maxReplicas,
    currentReplicas: status.currentReplicas,
    desiredReplicas: status.desiredReplicas,
    metrics: spec.metrics.flatMap((metric) => {
      const source = sourceOf(metric);
      const name = nameOfSource(source);
      if (name === null) return [];
      const seen = status.currentMetrics.map(sourceOf).find((one) => nameOfSource(one) === name);
      return [{ name, target: valueText(source?.target ?? null), current: valueText(seen?.current ?? null) }];
    }),
  };
}

const cronJobSchema = z.object({
  metadata: metaSchema,
  spec: fields({ schedule: text, suspend: flag }),
  status: fields({ lastScheduleTime: text, lastSuccessfulTime: text }),
});

export function parseCronJob(raw: unknown): CronJob {
  const { metadata, spec, status } = cronJobSchema.parse(raw);
  return {
    meta: metadata,
    schedule: spec.schedule,
    suspended: spec.suspend,
    lastScheduleAt: status.lastScheduleTime,
    lastSuccessAt: status.lastSuccessfulTime,
  };
}

const configMapSchema = z.object({ metadata: metaSchema, data: stringMap });

/** ConfigMap `cluster-monitoring-config`: its `config.yaml` is read for one flag and forgotten. */
export function parseMonitoringConfig(raw: unknown): MonitoringConfig {
  const { metadata, data } = configMapSchema.parse(raw);
  return { meta: metadata, enableUserWorkload: readUserWorkloadFlag(data['config.yaml']) };
}

function readUserWorkloadFlag(configuration: string | undefined): boolean | null {
  if (configuration === undefined) return false;
  try {
    const read: unknown = parseYaml(configuration);
    if (!isRecord(read)) return false;
    return read.enableUserWorkload === true;
  } catch {
    return null;
  }
}
