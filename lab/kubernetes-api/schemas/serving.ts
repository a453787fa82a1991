/** KServe's kinds, as OpenShift AI 3.0 ships them (facts: kubernetes-objects §3.1, §3.3). The shipped CRDs have no descriptions. */
import { httpRouteSpec, inferencePoolSpec } from './http-route.ts';
import { podSpec } from './pod-spec.ts';
import {
  anyObject,
  flag,
  int32,
  int64,
  list,
  map,
  object,
  oneOf,
  open,
  type Schema,
  text,
  withDefault,
} from './schema.ts';
import { changedAt, relaxed, without } from './variant.ts';

const positive: Schema = { ...int32, minimum: 1 };
const replicas: Schema = { ...int32, minimum: 0 };

const conditions = list(
  object({
    lastTransitionTime: text,
    message: text,
    reason: text,
    severity: text,
    'status!': text,
    'type!': text,
  }),
);

const parallelism = object({
  data: positive,
  dataLocal: positive,
  dataRPCPort: positive,
  expert: flag,
  pipeline: positive,
  tensor: positive,
});

const references = list(object({ name: text, namespace: text }));

const llmSpec = object({
  baseRefs: list(object({ name: withDefault(text, '') })),
  model: object({
    criticality: oneOf('Critical', 'Standard', 'Sheddable'),
    lora: object({ adapters: open({ ...list(anyObject) }) }),
    name: text,
    'uri!': text,
  }),
  parallelism,
  prefill: object({ parallelism, replicas, template: podSpec, worker: podSpec }),
  replicas,
  router: object({
    gateway: object({ refs: references }),
    ingress: object({ refs: references }),
    route: object({
      http: object({ refs: list(object({ name: withDefault(text, '') })), spec: httpRouteSpec }),
    }),
    scheduler: object({
      pool: object({ ref: object({ name: withDefault(text, '') }), spec: inferencePoolSpec }),
      template: podSpec,
    }),
  }),
  template: podSpec,
  worker: podSpec,
});

const address = object({ CACerts: text, audience: text, name: text, url: text });

export const llmInferenceService: Record<string, Schema> = {
  spec: llmSpec,
  status: object({
    address,
    addresses: list(address),
    annotations: map(text),
    conditions,
    observedGeneration: int64,
    url: text,
  }),
};

export const llmInferenceServiceConfig: Record<string, Schema> = { spec: llmSpec };

const modelStates = oneOf('', 'Pending', 'Standby', 'Loading', 'Loaded', 'FailedToLoad');

/** A pod as InferenceService overrides it: less is required of it than of a pod. */
const predictorPod = [
  'containers.[].livenessProbe.httpGet',
  'containers.[].readinessProbe.httpGet',
  'os',
].reduce((schema, path) => changedAt(schema, path, relaxed), without('ephemeralContainers')(podSpec));

export const inferenceService: Record<string, Schema> = {
  spec: open(
    object({
      'predictor!': open({
        ...predictorPod,
        properties: {
          ...predictorPod.properties,
          deploymentStrategy: anyObject,
          maxReplicas: int32,
          minReplicas: int32,
          model: open(
            object({
              args: list(text),
              env: list(anyObject),
              modelFormat: object({ 'name!': text, version: text }),
              name: text,
              resources: anyObject,
              runtime: text,
              storageUri: text,
            }),
          ),
        },
      }),
    }),
  ),
  status: open(
    object({
      address,
      components: anyObject,
      conditions,
      deploymentMode: text,
      modelStatus: object({
        copies: object({
          'failedCopies!': withDefault({ type: 'integer' }, 0),
          totalCopies: { type: 'integer' },
        }),
        lastFailureInfo: anyObject,
        states: object({ 'activeModelState!': modelStates, targetModelState: modelStates }),
        'transitionStatus!': oneOf('', 'UpToDate', 'InProgress', 'BlockedByFailedLoad', 'InvalidSpec'),
      }),
      observedGeneration: int64,
      url: text,
    }),
  ),
};

export const servingRuntime: Record<string, Schema> = {
  spec: open(
    object({
      annotations: map(text),
      containers: list(open(object({ 'name!': text, image: text, args: list(text), command: list(text) }))),
      disabled: flag,
      multiModel: flag,
      supportedModelFormats: list(open(object({ autoSelect: flag, 'name!': text, version: text }))),
    }),
  ),
  status: object(),
};
