import type { ClusterObjects, ResourceId } from './objects';
import type { SourceState, UnixMs } from './vocabulary';

/**
 * One watched resource as the reader publishes it. Items stay when the source breaks; `state` and
 * `lastProofAt` say how far they can be trusted.
 */
export interface ResourceView<T> {
  /** The list request, e.g. `GET /api/v1/namespaces/private-ai/pods`. */
  request: string;
  state: SourceState;
  items: readonly T[];
  /** HTTP status of the last list answer; 404 with state `not-installed` is the plain-text 404 of a missing API. */
  httpStatus: number | null;
  /** In plain words, when the state is not `live`. */
  problem: string | null;
  /** Last event, bookmark or comparing list. */
  lastProofAt: UnixMs | null;
}

export interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
}

/** Field paths of one kind's schema, as `oc explain` would walk them: `spec.router.scheduler` etc. */
export interface KindSchema {
  kind: string;
  fieldPaths: ReadonlySet<string>;
}

export interface ClusterSnapshot {
  /** `GET /version` of the API server. */
  version: ResourceView<{ gitVersion: string }>;
  /** `GET /apis`: every served group/version, e.g. `kueue.x-k8s.io/v1beta1`. */
  groupVersions: ResourceView<string>;
  /** `GET /apis/<group>/<version>` of the group versions the gates ask for, keyed by `group/version`. */
  discovery: Readonly<Record<string, ResourceView<ApiResource>>>;
  /** `/openapi/v3/apis/<group>/<version>`, keyed by `group/version`. */
  schemas: Readonly<Record<string, ResourceView<KindSchema>>>;
  resources: { readonly [Id in ResourceId]: ResourceView<ClusterObjects[Id]> };
}
