/** Admission webhooks of OpenShift AI, and the built-in admission of pods (facts: kubernetes-objects §3.1, §3.7). */

import { deniedByWebhook } from '../kubernetes-api/forbidden.ts';
import type { Kind } from '../kubernetes-api/kinds.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import { type KubernetesObject, valueAt } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { QUEUE_LABEL } from './kueue-labels.ts';
import { admitPod } from './pod-admission.ts';
import type { Pod } from './workload-types.ts';

const PROFILE_ANNOTATION = 'opendatahub.io/hardware-profile-name';
const PROFILE_NAMESPACE_ANNOTATION = 'opendatahub.io/hardware-profile-namespace';

const KUEUE_VALIDATORS: Record<string, string> = {
  'llminferenceservices.serving.kserve.io': 'kserve-llmisvc-kueuelabels-validator.opendatahub.io',
  'inferenceservices.serving.kserve.io': 'kserve-kueuelabels-validator.opendatahub.io',
};

/** A hardware profile of type Queue writes its queue into the label, whatever the manifest says. */
function withProfileQueue(cluster: ClusterAccess, object: KubernetesObject): KubernetesObject {
  const { annotations = {}, namespace } = object.metadata;
  const name = annotations[PROFILE_ANNOTATION];
  if (name === undefined) return object;
  const home = annotations[PROFILE_NAMESPACE_ANNOTATION] ?? namespace;
  const profile = cluster.get('hardwareprofiles.infrastructure.opendatahub.io', home, name);
  const queue = valueAt(profile, 'spec', 'scheduling', 'kueue', 'localQueueName');
  if (typeof queue !== 'string' || valueAt(profile, 'spec', 'scheduling', 'type') !== 'Queue') return object;
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, [QUEUE_LABEL]: queue } },
  };
}

function requireQueueLabel(cluster: ClusterAccess, webhook: string, { metadata }: KubernetesObject): void {
  const labels = cluster.get('namespaces', undefined, metadata.namespace ?? '')?.metadata.labels;
  if (labels?.['kueue.openshift.io/managed'] !== 'true' || metadata.labels?.[QUEUE_LABEL] !== undefined)
    return;
  throw deniedByWebhook(webhook, `Kueue label validation failed: missing required label "${QUEUE_LABEL}"`);
}

export function runWebhooks(cluster: ClusterAccess, kind: Kind, object: KubernetesObject): KubernetesObject {
  const key = keyOf(kind);
  const isNew = cluster.get(key, object.metadata.namespace, object.metadata.name) === undefined;
  if (key === 'pods' && isNew) {
    const copy = structuredClone(object) as Pod;
    return { ...copy, ...admitPod(cluster, copy) };
  }
  const validator = KUEUE_VALIDATORS[key];
  if (validator === undefined) return object;
  const mutated = withProfileQueue(cluster, object);
  requireQueueLabel(cluster, validator, mutated);
  return mutated;
}
