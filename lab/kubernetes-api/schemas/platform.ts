/** Gateway API, Kueue, LeaderWorkerSet and the operators: the fields that gates and people look at; others are kept. */
import { httpRouteSpec, inferencePoolSpec } from './http-route.ts';
import { podTemplate } from './pod-spec.ts';
import {
  anyObject,
  flag,
  int32,
  int64,
  intOrString,
  list,
  map,
  object,
  oneOf,
  open,
  type Schema,
  text,
  withDefault,
} from './schema.ts';
import { changedAt, withFields, without } from './variant.ts';

const condition = open(
  object({
    lastTransitionTime: text,
    message: text,
    observedGeneration: int64,
    reason: text,
    'status!': text,
    'type!': text,
  }),
);
const conditions = list(condition);
/** As operators write them, without the generation they saw. */
const operatorConditions = list(without('observedGeneration')(condition));
const parents = list(open(object({ conditions, controllerName: text, parentRef: anyObject })));

type Fields = Record<string, Schema>;

export const gatewayClass: Fields = {
  'spec!': open(object({ 'controllerName!': text, description: text, parametersRef: anyObject })),
  status: open(object({ conditions })),
};

export const gateway: Fields = {
  'spec!': open(
    object({
      addresses: list(anyObject),
      'gatewayClassName!': text,
      'listeners!': list(
        open(
          object({
            allowedRoutes: open(
              object({
                kinds: list(anyObject),
                namespaces: object({ from: oneOf('All', 'Selector', 'Same', 'None'), selector: anyObject }),
              }),
            ),
            hostname: text,
            'name!': text,
            'port!': int32,
            'protocol!': text,
            tls: anyObject,
          }),
        ),
      ),
    }),
  ),
  status: open(
    object({
      addresses: list(object({ type: text, 'value!': text })),
      conditions,
      listeners: list(anyObject),
    }),
  ),
};

/** The standard channel lacks what is still experimental; LLMInferenceService embeds the whole. */
const standardRouteSpec = changedAt(
  httpRouteSpec,
  'rules.[]',
  without('name', 'retry', 'sessionPersistence'),
);

export const httpRoute: Fields = { 'spec!': standardRouteSpec, status: open(object({ parents })) };

export const inferencePool: Fields = {
  spec: inferencePoolSpec,
  status: open(object({ parent: list(open(object({ conditions, parentRef: anyObject }))) })),
};

export const inferenceModel: Fields = {
  spec: open(
    object({
      criticality: oneOf('Critical', 'Standard', 'Sheddable'),
      'modelName!': text,
      'poolRef!': open(object({ group: text, kind: text, 'name!': text })),
      targetModels: list(anyObject),
    }),
  ),
  status: open(object({ conditions })),
};

/** LeaderWorkerSet 1.0 embeds the pods of Kubernetes 1.34. */
const newerContainer = (schema: Schema): Schema =>
  changedAt(
    withFields({
      restartPolicyRules: list(
        object({
          'action!': text,
          exitCodes: object({ 'operator!': text, values: list(int32) }),
        }),
      ),
    })(schema),
    'env.[].valueFrom',
    withFields({
      fileKeyRef: object({
        'key!': text,
        optional: withDefault(flag, false),
        'path!': text,
        'volumeName!': text,
      }),
    }),
  );
const newerPodTemplate = ['containers', 'initContainers'].reduce(
  (template, containers) => changedAt(template, `spec.${containers}.[]`, newerContainer),
  changedAt(podTemplate, 'spec', withFields({ hostnameOverride: text })),
);

export const leaderWorkerSet: Fields = {
  spec: open(
    object({
      'leaderWorkerTemplate!': open(
        object({
          leaderTemplate: newerPodTemplate,
          restartPolicy: oneOf('Default', 'RecreateGroupOnPodRestart', 'None'),
          size: int32,
          'workerTemplate!': newerPodTemplate,
        }),
      ),
      networkConfig: anyObject,
      replicas: int32,
      rolloutStrategy: anyObject,
      startupPolicy: oneOf('LeaderCreated', 'LeaderReady'),
    }),
  ),
  status: open(
    object({
      conditions,
      hpaPodSelector: text,
      readyReplicas: int32,
      replicas: int32,
      updatedReplicas: int32,
    }),
  ),
};

const quotas = list(
  object({
    borrowingLimit: intOrString,
    lendingLimit: intOrString,
    'name!': text,
    'nominalQuota!': intOrString,
  }),
);
const flavorTotals = (resource: Fields): Schema =>
  list(
    object({ 'name!': text, 'resources!': list(object({ 'name!': text, total: intOrString, ...resource })) }),
  );
const clusterTotals = flavorTotals({ borrowed: intOrString });
const localTotals = flavorTotals({});
const counters = {
  admittedWorkloads: int32,
  conditions,
  pendingWorkloads: int32,
  reservingWorkloads: int32,
};

export const clusterQueue: Fields = {
  spec: open(
    object({
      cohort: text,
      namespaceSelector: anyObject,
      preemption: anyObject,
      queueingStrategy: oneOf('StrictFIFO', 'BestEffortFIFO'),
      resourceGroups: list(
        object({
          'coveredResources!': list(text),
          'flavors!': list(object({ 'name!': text, 'resources!': quotas })),
        }),
      ),
      stopPolicy: oneOf('None', 'Hold', 'HoldAndDrain'),
    }),
  ),
  status: open(object({ ...counters, flavorsReservation: clusterTotals, flavorsUsage: clusterTotals })),
};

export const localQueue: Fields = {
  spec: open(object({ clusterQueue: text, stopPolicy: oneOf('None', 'Hold', 'HoldAndDrain') })),
  status: open(object({ ...counters, flavorsReservation: localTotals, flavorUsage: localTotals })),
};

export const resourceFlavor: Fields = {
  spec: open(object({ nodeLabels: map(text), nodeTaints: list(anyObject), tolerations: list(anyObject) })),
};

export const workload: Fields = {
  spec: open(object({ active: flag, podSets: list(anyObject), priority: int32, queueName: text })),
  status: open(object({ admission: anyObject, conditions })),
};

export const subscription: Fields = {
  'spec!': open(
    object({
      channel: text,
      installPlanApproval: text,
      'name!': text,
      'source!': text,
      'sourceNamespace!': text,
      startingCSV: text,
    }),
  ),
  status: open(object({ conditions: operatorConditions, currentCSV: text, installedCSV: text, state: text })),
};

export const managedOperator: Fields = {
  'spec!': open(object({ logLevel: text, managementState: text, operatorLogLevel: text })),
  status: open(object({ conditions: operatorConditions, observedGeneration: int64, readyReplicas: int32 })),
};
