import type { Condition, ObjectMeta } from './meta';

export interface GatewayClass {
  meta: ObjectMeta;
  controllerName: string;
  conditions: readonly Condition[];
}

export interface Gateway {
  meta: ObjectMeta;
  className: string;
  listeners: readonly {
    name: string;
    port: number;
    protocol: string;
    hostname: string | null;
    /** `allowedRoutes.namespaces.from`; the API default is `Same`. */
    routesFrom: string;
  }[];
  addresses: readonly string[];
  conditions: readonly Condition[];
}

export interface ObjectReference {
  group: string;
  kind: string;
  namespace: string | null;
  name: string;
}

export interface HttpRoute {
  meta: ObjectMeta;
  hostnames: readonly string[];
  parentRefs: readonly ObjectReference[];
  rules: readonly {
    pathPrefixes: readonly string[];
    backends: readonly ObjectReference[];
  }[];
  /** Timeouts of the rules as written, e.g. `0s` (unlimited) or `30s`; `null` where a rule sets none. */
  timeouts: readonly { request: string | null; backendRequest: string | null }[];
  /** One entry per controller and parent. */
  parents: readonly { controllerName: string; parent: ObjectReference; conditions: readonly Condition[] }[];
}

/** Either group's InferencePool (kubernetes-objects §5.4). */
export interface InferencePool {
  meta: ObjectMeta;
  selector: Readonly<Record<string, string>>;
  endpointPicker: { name: string; failureMode: string | null } | null;
  parents: readonly { parent: ObjectReference; conditions: readonly Condition[] }[];
}

/** route.openshift.io/v1 Route. */
export interface Route {
  meta: ObjectMeta;
  host: string | null;
  service: string | null;
  targetPort: string | null;
  /** `edge`, `passthrough`, `reencrypt`; `null` is plain HTTP. */
  termination: string | null;
  ingress: readonly { host: string | null; admitted: Condition | null }[];
}
