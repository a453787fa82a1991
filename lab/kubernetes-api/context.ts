import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { User } from './access.ts';
import type { ComputedResource } from './computed-resource.ts';
import type { ApiDisturbance } from './disturbance.ts';
import type { Identifiers } from './identifiers.ts';
import type { Kind } from './kinds.ts';
import type { KubernetesObject } from './object.ts';
import type { Authorizer } from './rbac.ts';
import type { Registry } from './registry.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import type { ObjectStore } from './store.ts';

export interface LogRequest {
  container: string;
  follow: boolean;
  tailLines: number | null;
  sinceSeconds: number | null;
  timestamps: boolean;
  limitBytes: number | null;
}

/** What the containers of pods print; the world knows. */
export interface PodLogs {
  /** Writes lines; ends by calling `end`. The returned function is called when the reader leaves. */
  stream(
    pod: KubernetesObject,
    request: LogRequest,
    write: (line: string) => void,
    end: () => void,
  ): () => void;
}

/** What every handler of the API needs. */
export interface ApiContext {
  store: ObjectStore;
  registry: Registry;
  clock: Clock;
  random: Random;
  identifiers: Identifiers;
  authorizer: Authorizer;
  disturbance: Readonly<ApiDisturbance>;
  /** By bearer token. */
  users: ReadonlyMap<string, User>;
  serviceAccountTokens: ServiceAccountTokens;
  podLogs: PodLogs;
  /** Answers of aggregated APIs; none if absent. */
  computed?: readonly ComputedResource[];
  /** Admission webhooks of the cluster's operators: may change the object or refuse it. */
  webhooks(kind: Kind, object: KubernetesObject): KubernetesObject;
  /** About once a minute on a real API server. */
  bookmarkIntervalMs: number;
}
