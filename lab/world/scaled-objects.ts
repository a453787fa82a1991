/**
 * KEDA's operator: a ScaledObject gets its HorizontalPodAutoscaler, which keeps the target within the bounds. Triggers are
 * named, never asked: none is active, and none recommends a size (names as in facts: demo-environment §12).
 */
import { kindOf } from '../kubernetes-api/catalogue.ts';
import { apiVersionOf, type Kind, keyOf } from '../kubernetes-api/kinds.ts';
import { type Condition, isEqualJson, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { Registry } from '../kubernetes-api/registry.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { setCondition } from './conditions.ts';
import type { EventRecorder } from './event-recorder.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { isTerminating } from './workload-types.ts';

const SCALED_OBJECTS = 'scaledobjects.keda.sh';
const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
const WORKLOADS = ['deployments.apps', 'statefulsets.apps', 'leaderworkersets.leaderworkerset.x-k8s.io'];
export const KEDA_FINALIZER = 'finalizer.keda.sh';
const NAME_LABEL = 'scaledobject.keda.sh/name';
const KEDA_VERSION = '2.17.2';
const LONGEST_NAME = 63;
const REACTION_MS = 200;
const SOURCE = { component: 'keda-operator' };
const RESOURCE_TRIGGERS = ['cpu', 'memory'];

interface Trigger {
  type: string;
  metricType?: 'AverageValue' | 'Value' | 'Utilization';
  metadata: Record<string, string>;
}

interface ScaledObject extends KubernetesObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind?: string; name: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
    advanced?: { horizontalPodAutoscalerConfig?: { behavior?: unknown; name?: string } };
    triggers: Trigger[];
  };
  status?: { conditions?: Condition[]; [field: string]: unknown };
}

interface Autoscaler extends KubernetesObject {
  spec: Record<string, unknown>;
}

interface Target {
  kind: Kind;
  apiVersion: string;
  object: KubernetesObject & { spec?: { replicas?: number } };
}

function hpaNameOf({ metadata, spec }: ScaledObject): string {
  const name = spec.advanced?.horizontalPodAutoscalerConfig?.name ?? `keda-hpa-${metadata.name}`;
  return name.slice(0, LONGEST_NAME);
}

/** A threshold as a quantity: whole, or in thousandths. */
function quantityOf(threshold: string | undefined): string {
  const thousandths = Math.round(Number(threshold ?? 0) * 1000);
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

function isResource({ type }: Trigger): boolean {
  return RESOURCE_TRIGGERS.includes(type);
}

/** Triggers count from zero, with those of cpu and memory among them. */
function externalNames({ spec }: ScaledObject): string[] {
  return spec.triggers.flatMap((trigger, index) =>
    isResource(trigger) ? [] : [`s${index}-${trigger.type}`],
  );
}

function metricOf(scaled: ScaledObject, trigger: Trigger, index: number): Record<string, unknown> {
  const { type, metricType, metadata } = trigger;
  if (isResource(trigger)) {
    const target =
      metricType === 'AverageValue'
        ? { type: metricType, averageValue: metadata.value }
        : { type: 'Utilization', averageUtilization: Number(metadata.value) };
    return { type: 'Resource', resource: { name: type, target } };
  }
  const amount = quantityOf(metadata.threshold ?? metadata.value);
  const target =
    metricType === 'Value'
      ? { type: 'Value', value: amount }
      : { type: 'AverageValue', averageValue: amount };
  const selector = { matchLabels: { [NAME_LABEL]: scaled.metadata.name.slice(0, LONGEST_NAME) } };
  return { type: 'External', external: { metric: { name: `s${index}-${type}`, selector }, target } };
}

function autoscalerSpec(scaled: ScaledObject, { kind, apiVersion, object }: Target): Autoscaler['spec'] {
  const { minReplicaCount = 0, maxReplicaCount = 100, advanced, triggers } = scaled.spec;
  const behavior = advanced?.horizontalPodAutoscalerConfig?.behavior;
  const metrics = triggers.map((trigger, index) => metricOf(scaled, trigger, index));
  return {
    // An autoscaler cannot go to zero; KEDA does that itself.
    minReplicas: Math.max(1, minReplicaCount),
    maxReplicas: maxReplicaCount,
    metrics: metrics.toSorted((a, b) => String(a.type).localeCompare(String(b.type))),
    scaleTargetRef: { apiVersion, kind: kind.kind, name: object.metadata.name },
    ...(behavior === undefined ? {} : { behavior }),
  };
}

function autoscalerLabels({ metadata }: ScaledObject, name: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/version': KEDA_VERSION,
    'app.kubernetes.io/part-of': metadata.name.slice(0, LONGEST_NAME),
    'app.kubernetes.io/managed-by': 'keda-operator',
    ...metadata.labels,
  };
}

export function startScaledObjects(
  cluster: ClusterAccess,
  events: EventRecorder,
  registry: Registry,
): () => void {
  /** The target, or why there is none. */
  const targetOf = ({ metadata, spec }: ScaledObject): Target | string => {
    const { apiVersion = 'apps/v1', kind: name = 'Deployment', name: target } = spec.scaleTargetRef;
    const kind = registry
      .kinds()
      .find((row) => row.kind === name && row.versions.some((v) => `${row.group}/${v}` === apiVersion));
    if (kind === undefined) return `no matches for kind "${name}" in version "${apiVersion}"`;
    const object = cluster.get<Target['object']>(keyOf(kind), metadata.namespace, target);
    return object === undefined ? `${keyOf(kind)} "${target}" not found` : { kind, apiVersion, object };
  };

  const report = (
    scaled: ScaledObject,
    fields: Record<string, unknown>,
    changes: readonly (readonly [
      type: string,
      status: Condition['status'],
      reason: string,
      message: string,
    ])[],
  ): void => {
    cluster.update<ScaledObject>(SCALED_OBJECTS, scaled, (draft) => {
      let conditions = draft.status?.conditions ?? [];
      for (const [type, status, reason, message] of changes)
        conditions = setCondition(conditions, { type, status, reason, message }, cluster.now());
      draft.status = { ...draft.status, ...fields, conditions };
    });
  };

  const refuse = (scaled: ScaledObject, why: string): void => {
    const message = `ScaledObject doesn't have correct scaleTargetRef specification: ${why}`;
    events.record(scaled, 'Warning', 'ScaledObjectCheckFailed', message, SOURCE);
    report(scaled, {}, [
      ['Ready', 'False', 'ScaledObjectCheckFailed', message],
      // The word is spelled so by KEDA.
      ['Active', 'Unknown', 'UnkownState', 'ScaledObject check failed'],
    ]);
  };

  const keepAutoscaler = (scaled: ScaledObject, target: Target): void => {
    const { namespace, name: owner, uid } = scaled.metadata;
    const name = hpaNameOf(scaled);
    const spec = autoscalerSpec(scaled, target);
    const labels = autoscalerLabels(scaled, name);
    const existing = cluster.get<Autoscaler>(AUTOSCALERS, namespace, name);
    if (existing === undefined) {
      const ownerReferences = [
        {
          apiVersion: apiVersionOf(kindOf(SCALED_OBJECTS)),
          kind: 'ScaledObject',
          name: owner,
          uid: uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ];
      const { annotations } = scaled.metadata;
      cluster.create(
        AUTOSCALERS,
        {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          labels,
          ...(annotations === undefined ? {} : { annotations }),
          ownerReferences,
        },
        { spec },
      );
    } else if (!isEqualJson(existing.spec, spec) || !isEqualJson(existing.metadata.labels, labels)) {
      cluster.update<Autoscaler>(AUTOSCALERS, existing, (draft) => {
        draft.spec = spec;
        draft.metadata.labels = labels;
      });
    }
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [namespace, name] = splitKey(key);
    const found = cluster.get<ScaledObject>(SCALED_OBJECTS, namespace, name);
    if (found === undefined || isTerminating(found)) return;
    const scaled = cluster.update<ScaledObject>(SCALED_OBJECTS, found, ({ metadata }) => {
      metadata.labels = { ...metadata.labels, [NAME_LABEL]: name.slice(0, LONGEST_NAME) };
      metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), KEDA_FINALIZER])];
    });
    if (scaled === undefined) return;
    const target = targetOf(scaled);
    if (typeof target === 'string') {
      refuse(scaled, target);
      return;
    }
    keepAutoscaler(scaled, target);
    const { kind, apiVersion, object } = target;
    const [version] = apiVersion.split('/').slice(-1);
    const resourceNames = scaled.spec.triggers.filter(isResource).map(({ type }) => type);
    if (scaled.status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True')
      events.record(scaled, 'Normal', 'ScaledObjectReady', 'ScaledObject is ready for scaling', SOURCE);
    report(
      scaled,
      {
        externalMetricNames: externalNames(scaled),
        ...(resourceNames.length === 0 ? {} : { resourceMetricNames: resourceNames }),
        hpaName: hpaNameOf(scaled),
        originalReplicaCount: scaled.status?.originalReplicaCount ?? object.spec?.replicas ?? 1,
        scaleTargetGVKR: { group: kind.group, kind: kind.kind, resource: kind.plural, version },
        scaleTargetKind: `${apiVersion}.${kind.kind}`,
      },
      [
        ['Ready', 'True', 'ScaledObjectReady', 'ScaledObject is defined correctly and is ready for scaling'],
        ['Active', 'False', 'ScalerNotActive', 'Scaling is not performed because triggers are not active'],
        ['Fallback', 'False', 'NoFallbackFound', 'No fallbacks are active on this scaled object'],
      ],
    );
  });

  const addWhere = (namespace: string | undefined, isMeant: (scaled: ScaledObject) => boolean): void => {
    for (const scaled of cluster.list<ScaledObject>(SCALED_OBJECTS, namespace))
      if (isMeant(scaled)) queue.add(keyOfObject(scaled));
  };
  cluster.onChange([SCALED_OBJECTS], ({ type, object }) => {
    if (type !== 'DELETED') queue.add(keyOfObject(object));
  });
  cluster.onChange([AUTOSCALERS], ({ object }) =>
    addWhere(object.metadata.namespace, (scaled) => hpaNameOf(scaled) === object.metadata.name),
  );
  cluster.onChange(WORKLOADS, ({ type, object }) => {
    if (type !== 'MODIFIED')
      addWhere(object.metadata.namespace, ({ spec }) => spec.scaleTargetRef.name === object.metadata.name);
  });
  return queue.stop;
}
