/** Built-in workloads, as far as `kubectl explain` is asked about them in this demo. */
import { labelSelector, podSpec, podTemplate } from './pod-spec.ts';
import { anyObject, flag, int32, intOrString, list, map, object, open, type Schema, text } from './schema.ts';

type Fields = Record<string, Schema>;

export const pod: Fields = {
  spec: { ...podSpec, required: ['containers'] },
  status: open(
    object({
      conditions: list(anyObject),
      containerStatuses: list(anyObject),
      hostIP: text,
      initContainerStatuses: list(anyObject),
      message: text,
      phase: text,
      podIP: text,
      qosClass: text,
      reason: text,
      startTime: text,
    }),
  ),
};

const workloadStatus = open(
  object({ availableReplicas: int32, conditions: list(anyObject), readyReplicas: int32, replicas: int32 }),
);

export const deployment: Fields = {
  spec: open(
    object({
      minReadySeconds: int32,
      paused: flag,
      progressDeadlineSeconds: int32,
      replicas: int32,
      revisionHistoryLimit: int32,
      'selector!': labelSelector,
      strategy: object({
        rollingUpdate: object({ maxSurge: intOrString, maxUnavailable: intOrString }),
        type: text,
      }),
      'template!': podTemplate,
    }),
  ),
  status: workloadStatus,
};

export const replicaSet: Fields = {
  spec: open(
    object({ minReadySeconds: int32, replicas: int32, 'selector!': labelSelector, template: podTemplate }),
  ),
  status: workloadStatus,
};

export const service: Fields = {
  spec: open(
    object({
      clusterIP: text,
      externalName: text,
      ports: list(
        object({
          appProtocol: text,
          name: text,
          nodePort: int32,
          'port!': int32,
          protocol: text,
          targetPort: intOrString,
        }),
      ),
      selector: map(text),
      sessionAffinity: text,
      type: text,
    }),
  ),
  status: anyObject,
};

export const configMap: Fields = { data: map(text), binaryData: map(text), immutable: flag };
export const secret: Fields = { data: map(text), stringData: map(text), immutable: flag, type: text };
