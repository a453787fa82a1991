import type { Evidence } from '../checklist';
import { findCondition } from '../objects/meta';
import type { ClusterServiceVersion, Subscription } from '../objects/platform';
import { isReadable } from '../readable';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput } from './gate-row';

/** What OLM says about one operator, found by package name: installers differ in namespace (§5.9). */
export interface InstalledOperator {
  subscription: Subscription;
  /** The version that is installed; `null` while there is none, or where it cannot be read. */
  version: ClusterServiceVersion | null;
  /** An install plan is at work and needs no approval. */
  installing: boolean;
  /** An install plan waits for a person. */
  awaitsApproval: boolean;
  evidence: readonly Evidence[];
}

/** `null` where subscriptions cannot be read or name no such package. */
export function findOperator(input: ChecklistInput, packageName: string): InstalledOperator | null {
  const { subscriptions, clusterserviceversions } = input.cluster.resources;
  if (!isReadable(subscriptions)) return null;
  const subscription = subscriptions.items.find((item) => item.packageName === packageName);
  if (subscription === undefined) return null;
  const version = isReadable(clusterserviceversions)
    ? (clusterserviceversions.items.find(
        (item) =>
          item.meta.name === subscription.installedCsv && item.meta.namespace === subscription.meta.namespace,
      ) ?? null)
    : null;
  const pending = findCondition(subscription.conditions, 'InstallPlanPending');
  const awaitsApproval = pending?.status === 'True' && pending.reason === 'RequiresApproval';
  const evidence = [
    kubernetesEvidence(
      subscriptions,
      {
        package: packageName,
        namespace: subscription.meta.namespace,
        state: subscription.state,
        installedCSV: subscription.installedCsv,
        currentCSV: subscription.currentCsv,
        conditions: conditionsExcerpt(subscription.conditions),
      },
      input.now,
    ),
  ];
  if (version !== null) {
    evidence.push(
      kubernetesEvidence(
        clusterserviceversions,
        { name: version.meta.name, version: version.version, phase: version.phase, message: version.message },
        input.now,
      ),
    );
  }
  return {
    subscription,
    version,
    installing: subscription.state === 'UpgradePending' && !awaitsApproval,
    awaitsApproval,
    evidence,
  };
}
