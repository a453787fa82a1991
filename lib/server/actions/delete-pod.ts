import 'server-only';
import type { DeletePodRequest } from '@/lib/contracts/delete-pod';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { enginePods } from '@/lib/domain/objects/arms';
import type { DemoSettings } from '@/lib/domain/settings';
import { ARMS } from '@/lib/domain/vocabulary';
import { HttpProblem } from '@/lib/server/http/problem';
import { KubernetesError } from '@/lib/server/kubernetes/errors';

export interface DeletedPod {
  namespace: string;
  name: string;
  uid: string;
}

/** The engine pod of either arm with that uid; nothing else may be deleted from here. */
export function findDeletablePod(
  { namespace, uid }: DeletePodRequest,
  cluster: ClusterSnapshot,
  settings: DemoSettings,
): DeletedPod {
  const pods = ARMS.flatMap((arm) => enginePods(cluster.resources.pods.items, arm, settings));
  const pod = pods.find(({ meta }) => meta.uid === uid && meta.namespace === namespace);
  if (pod === undefined) {
    throw new HttpProblem(
      404,
      'unknown-pod',
      "No engine pod of the demo's two services has that uid.",
      'uid',
    );
  }
  return { namespace, name: pod.meta.name, uid };
}

/** What a refusal of the API server means for the person who pressed the button. */
export function toActionProblem(error: unknown): unknown {
  if (!(error instanceof KubernetesError)) return error;
  if (error.kind === 'forbidden') {
    return new HttpProblem(403, 'forbidden', 'The dashboard may not delete pods in this namespace.');
  }
  if (error.kind === 'not-found' || error.httpStatus === 409) {
    return new HttpProblem(409, 'pod-gone', 'That pod is gone already; another has taken its place.');
  }
  return new HttpProblem(502, 'cluster-refused', error.message);
}
