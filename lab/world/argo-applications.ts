/**
 * Argo CD Applications compare what they track with Git and say what they find (facts: kubernetes-objects §5.13). What the
 * scene holds is what Git holds. Nothing is undone: self-heal is left out, so that what is rehearsed stays.
 */
import { kindOfObject } from '../kubernetes-api/catalogue.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import { isEqualJson, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';

const APPLICATIONS = 'applications.argoproj.io';
const REACTION_MS = 1000;

interface Tracked {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
  status?: string;
}

interface Application extends KubernetesObject {
  status?: {
    resources?: Tracked[];
    sync?: Record<string, unknown> & { status: string };
    health?: Record<string, unknown> & { status: string };
  };
}

/** `desired`: the objects of the scene that is shown. */
export function startArgoApplications(
  cluster: ClusterAccess,
  desired: () => readonly KubernetesObject[],
): () => void {
  /** What Git holds of a tracked resource; undefined where the scene has it not. */
  const inGit = ({ group = '', kind, namespace, name }: Tracked): KubernetesObject | undefined =>
    desired().find(
      (object) =>
        object.kind === kind &&
        object.metadata.name === name &&
        object.metadata.namespace === namespace &&
        object.apiVersion.startsWith(group === '' ? 'v1' : `${group}/`),
    );

  const stateOf = (tracked: Tracked): 'Synced' | 'OutOfSync' | 'missing' => {
    const wanted = inGit(tracked);
    if (wanted === undefined) return 'Synced';
    const live = cluster.get(keyOf(kindOfObject(wanted)), tracked.namespace, tracked.name);
    if (live === undefined) return 'missing';
    return isEqualJson(live.spec, wanted.spec) ? 'Synced' : 'OutOfSync';
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const application = cluster.get<Application>(APPLICATIONS, ...splitKey(key));
    const resources = application?.status?.resources;
    if (application === undefined || resources === undefined) return;
    const states = resources.map(stateOf);
    const isSynced = states.every((state) => state === 'Synced');
    const health = states.includes('missing') ? 'Missing' : 'Healthy';
    cluster.update<Application>(APPLICATIONS, application, ({ status = {} }) => {
      status.resources = resources.map((tracked, index) => ({
        ...tracked,
        status: states[index] === 'Synced' ? 'Synced' : 'OutOfSync',
      }));
      if (status.sync !== undefined) status.sync.status = isSynced ? 'Synced' : 'OutOfSync';
      if (status.health !== undefined && status.health.status !== health) {
        status.health = { ...status.health, status: health, lastTransitionTime: cluster.now() };
      }
    });
  });

  const considerAll = (): void => {
    for (const application of cluster.list<Application>(APPLICATIONS)) queue.add(keyOfObject(application));
  };
  const stopListening = cluster.store.subscribe(({ object }) => {
    const isTracked = cluster
      .list<Application>(APPLICATIONS)
      .some(({ status }) =>
        status?.resources?.some(
          ({ kind, namespace, name }) =>
            kind === object.kind && name === object.metadata.name && namespace === object.metadata.namespace,
        ),
      );
    if (isTracked) considerAll();
  });
  return () => {
    stopListening();
    queue.stop();
  };
}
