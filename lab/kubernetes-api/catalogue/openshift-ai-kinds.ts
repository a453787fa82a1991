/** Kinds that OpenShift AI brings. */
import type { Kind } from '../kinds.ts';
import { age, column, condition, custom } from './row.ts';

export const OPENSHIFT_AI: readonly Kind[] = [
  custom('openshift-ai', {
    kind: 'OdhApplication',
    group: 'dashboard.opendatahub.io',
    versions: ['v1'],
    plural: 'odhapplications',
    scope: 'namespaced',
    subresources: [],
  }),
  custom(
    'openshift-ai',
    {
      kind: 'InferenceService',
      group: 'serving.kserve.io',
      versions: ['v1beta1'],
      plural: 'inferenceservices',
      shortNames: ['isvc'],
      scope: 'namespaced',
    },
    [
      column('URL', '.status.url'),
      column('Ready', condition('Ready')),
      column('Prev', '.status.components.predictor.traffic[?(@.tag=="prev")].percent', { type: 'integer' }),
      column('Latest', '.status.components.predictor.traffic[?(@.latestRevision==true)].percent', {
        type: 'integer',
      }),
      column('PrevRolledoutRevision', '.status.components.predictor.traffic[?(@.tag=="prev")].revisionName'),
      column(
        'LatestReadyRevision',
        '.status.components.predictor.traffic[?(@.latestRevision==true)].revisionName',
      ),
      age,
    ],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'LLMInferenceService',
      group: 'serving.kserve.io',
      versions: ['v1alpha1'],
      plural: 'llminferenceservices',
      shortNames: ['llmisvc'],
      scope: 'namespaced',
    },
    [
      column('URL', '.status.url'),
      column('Ready', condition('Ready')),
      column('Reason', condition('Ready', 'reason')),
      age,
      column('URLs', '.status.addresses[*].url', { priority: 1 }),
    ],
  ),
  custom('openshift-ai', {
    kind: 'LLMInferenceServiceConfig',
    group: 'serving.kserve.io',
    versions: ['v1alpha1'],
    plural: 'llminferenceserviceconfigs',
    scope: 'namespaced',
    subresources: [],
  }),
  custom(
    'openshift-ai',
    {
      kind: 'ServingRuntime',
      group: 'serving.kserve.io',
      versions: ['v1alpha1'],
      plural: 'servingruntimes',
      scope: 'namespaced',
      subresources: [],
    },
    [
      column('Disabled', '.spec.disabled', { type: 'boolean' }),
      column('ModelType', '.spec.supportedModelFormats[*].name'),
      column('Containers', '.spec.containers[*].name'),
      age,
    ],
  ),
  custom('openshift-ai', {
    kind: 'InferencePool',
    group: 'inference.networking.k8s.io',
    versions: ['v1'],
    plural: 'inferencepools',
    shortNames: ['infpool'],
    scope: 'namespaced',
  }),
  custom('openshift-ai', {
    kind: 'InferencePool',
    group: 'inference.networking.x-k8s.io',
    versions: ['v1alpha2'],
    plural: 'inferencepools',
    shortNames: ['xinfpool'],
    scope: 'namespaced',
  }),
  custom(
    'openshift-ai',
    {
      kind: 'InferenceModel',
      group: 'inference.networking.x-k8s.io',
      versions: ['v1alpha2'],
      plural: 'inferencemodels',
      scope: 'namespaced',
    },
    [
      column('Model Name', '.spec.modelName'),
      column('Inference Pool', '.spec.poolRef.name'),
      column('Criticality', '.spec.criticality'),
      age,
    ],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'InferenceObjective',
      group: 'inference.networking.x-k8s.io',
      versions: ['v1alpha2'],
      plural: 'inferenceobjectives',
      scope: 'namespaced',
    },
    [column('Inference Pool', '.spec.poolRef.name'), column('Priority', '.spec.priority'), age],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'DataScienceCluster',
      group: 'datasciencecluster.opendatahub.io',
      versions: ['v2', 'v1'],
      plural: 'datascienceclusters',
      shortNames: ['dsc'],
      scope: 'cluster',
    },
    [column('Ready', condition('Ready')), column('Reason', condition('Ready', 'reason'))],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'DSCInitialization',
      group: 'dscinitialization.opendatahub.io',
      versions: ['v2', 'v1'],
      plural: 'dscinitializations',
      shortNames: ['dsci'],
      scope: 'cluster',
    },
    [age, column('Phase', '.status.phase'), column('Created At', '.metadata.creationTimestamp')],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'Kserve',
      group: 'components.platform.opendatahub.io',
      versions: ['v1alpha1'],
      plural: 'kserves',
      scope: 'cluster',
    },
    [column('Ready', condition('Ready')), column('Reason', condition('Ready', 'reason'))],
  ),
  custom('openshift-ai', {
    kind: 'HardwareProfile',
    group: 'infrastructure.opendatahub.io',
    versions: ['v1', 'v1alpha1'],
    plural: 'hardwareprofiles',
    scope: 'namespaced',
  }),
];
