/** The controller that keeps aggregated cluster roles (admin, edit, view) the sum of their parts. */
import { aggregated } from '../kubernetes-api/cluster-role-aggregation.ts';
import { RBAC_GROUP } from '../kubernetes-api/rbac.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createWorkQueue } from './work-queue.ts';

const REACTION_MS = 20;
const CLUSTER_ROLES = `clusterroles.${RBAC_GROUP}`;

export function startClusterRoleAggregation(cluster: ClusterAccess): () => void {
  const queue = createWorkQueue(cluster.clock, REACTION_MS, () => {
    for (const role of aggregated(cluster.list(CLUSTER_ROLES))) {
      cluster.update(CLUSTER_ROLES, role, (draft) => {
        draft.rules = role.rules;
      });
    }
  });
  const stopListening = cluster.store.subscribe(({ kind }) => {
    if (kind === CLUSTER_ROLES) queue.add('all');
  });
  return () => {
    stopListening();
    queue.stop();
  };
}
