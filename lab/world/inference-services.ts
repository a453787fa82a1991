/** The controller of raw InferenceServices: it makes their children and reports of them (facts: kubernetes-objects §4). */
import { controllerOf, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import {
  type InferenceServiceSpec,
  predictorChildren,
  type ServingRuntime,
} from './inference-service-children.ts';
import { freeClusterIp } from './llm-service/children.ts';
import type { Route } from './routes.ts';
import { aggregate, availabilityOf, type StatusWithConditions, withStates } from './serving-conditions.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { type Deployment, isTerminating } from './workload-types.ts';

const REACTION_MS = 60;
const SERVICES = 'inferenceservices.serving.kserve.io';
const RUNTIMES = 'servingruntimes.serving.kserve.io';
const FINALIZERS = ['inferenceservice.finalizers', 'odh.inferenceservice.finalizers'];
const INFORMATIONAL = new Set(['Stopped']);

interface InferenceService extends KubernetesObject {
  spec: InferenceServiceSpec;
  status?: StatusWithConditions & { url?: string; modelStatus?: Record<string, unknown> };
}

const LOADED = {
  copies: { failedCopies: 0, totalCopies: 1 },
  states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
  transitionStatus: 'UpToDate',
};
const LOADING = {
  states: { activeModelState: '', targetModelState: 'Pending' },
  transitionStatus: 'InProgress',
};

export function startInferenceServiceController(cluster: ClusterAccess): () => void {
  const ensureChildren = (service: InferenceService): void => {
    const { namespace } = service.metadata;
    const runtime = cluster.get<ServingRuntime>(
      RUNTIMES,
      namespace,
      service.spec.predictor.model.runtime ?? '',
    );
    if (runtime === undefined) return;
    for (const { kind, metadata, fields } of predictorChildren(service, runtime)) {
      if (cluster.get(kind, namespace, metadata.name) !== undefined) continue;
      const spec = fields.spec as Record<string, unknown>;
      const address =
        kind === 'services' && spec.clusterIP === undefined ? freeClusterIp(cluster) : undefined;
      cluster.create(kind, metadata, {
        spec: address === undefined ? spec : { ...spec, clusterIP: address, clusterIPs: [address] },
      });
    }
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [namespace, name] = splitKey(key);
    const service = cluster.get<InferenceService>(SERVICES, namespace, name);
    if (service === undefined || isTerminating(service)) return;
    ensureChildren(service);
    const workload = cluster.get<Deployment>('deployments.apps', namespace, `${name}-predictor`);
    if (workload === undefined) return;
    const predictor = availabilityOf(workload);
    const internal = `http://${name}-predictor.${namespace}.svc.cluster.local`;
    const host = cluster.get<Route>('routes.route.openshift.io', namespace, name)?.spec.host;
    cluster.update<InferenceService>(SERVICES, service, (draft) => {
      const known = draft.status?.conditions ?? [];
      const ingress = known.find(({ type }) => type === 'IngressReady') ?? { status: 'True' as const };
      const ready = aggregate([predictor, ingress]);
      const missing = FINALIZERS.filter(
        (finalizer) => draft.metadata.finalizers?.includes(finalizer) !== true,
      );
      if (missing.length > 0) draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), ...missing];
      draft.status = {
        address: { url: internal },
        components: { predictor: {} },
        deploymentMode: 'RawDeployment',
        ...draft.status,
        url: host === undefined ? internal : `https://${host}`,
        observedGeneration: draft.metadata.generation ?? 1,
        conditions: withStates(
          known,
          {
            IngressReady: { status: 'True' },
            PredictorReady: predictor,
            Ready: ready,
            Stopped: { status: 'False' },
          },
          INFORMATIONAL,
          cluster.now(),
        ),
        modelStatus: ready.status === 'True' ? LOADED : LOADING,
      };
    });
  });

  cluster.onChange([SERVICES], ({ type, object }) => {
    if (type !== 'DELETED') queue.add(keyOfObject(object));
  });
  cluster.onChange(['deployments.apps', 'services', 'routes.route.openshift.io'], ({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'InferenceService') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  return queue.stop;
}
