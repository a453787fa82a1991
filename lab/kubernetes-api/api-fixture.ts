/** A stand-in API server for tests: plain HTTP on a free port, virtual time, the healthy scene or whatever is handed in. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import { healthyObjects, loadObjects } from '../world/healthy.ts';
import { defaultAccess } from '../world/platform/access.ts';
import { ADMINISTRATOR, serviceAccountUser } from './access.ts';
import type { ApiContext } from './context.ts';
import { type ApiDisturbance, calm } from './disturbance.ts';
import { createIdentifiers } from './identifiers.ts';
import type { KubernetesObject } from './object.ts';
import { createAuthorizer, type PolicyRule } from './rbac.ts';
import { createRegistry } from './registry.ts';
import { createApiHandler } from './server.ts';
import { createServiceAccountTokens } from './service-account-tokens.ts';
import { createObjectStore, type ObjectStore } from './store.ts';

const LIMITED = { namespace: 'private-ai', name: 'limited' };
const LIMITED_USER = serviceAccountUser(
  LIMITED.namespace,
  LIMITED.name,
  '0c7d1a52-9d0f-5f0e-a3b7-5f3b0a4d7a10',
);

/** Pods and events of the demo's namespace, and one named Gateway. */
function limitedAccess(): KubernetesObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const pair = (namespace: string, rule: PolicyRule): KubernetesObject[] => [
    { apiVersion, kind: 'Role', metadata: { namespace, name: 'limited' }, rules: [rule] },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { namespace, name: 'limited' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'limited' },
      subjects: [{ kind: 'ServiceAccount', ...LIMITED }],
    },
  ];
  const verbs = ['get', 'list', 'watch'];
  return [
    ...pair('private-ai', { verbs, apiGroups: [''], resources: ['pods', 'events'] }),
    ...pair('openshift-ingress', {
      verbs,
      apiGroups: ['gateway.networking.k8s.io'],
      resources: ['gateways'],
      resourceNames: ['allowed'],
    }),
  ];
}

export interface Answer {
  status: number;
  contentType: string;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined where it is none. */
  body: Record<string, unknown> & { [field: string]: never };
}

export interface WatchStream {
  /** The next event, waiting for it. */
  next(): Promise<{ type: string; object: KubernetesObject & Record<string, unknown> } | null>;
  close(): void;
}

export interface TestApi {
  store: ObjectStore;
  clock: VirtualClock;
  context: ApiContext;
  disturbance: ApiDisturbance;
  call(
    path: string,
    options?: { method?: string; body?: unknown; headers?: Record<string, string>; token?: string | null },
  ): Promise<Answer>;
  watch(path: string, headers?: Record<string, string>): Promise<WatchStream>;
  stop(): Promise<void>;
}

export async function startTestApi(
  options: { objects?: KubernetesObject[]; historyLimit?: number } = {},
): Promise<TestApi> {
  const clock = virtualClock();
  const store = createObjectStore(
    options.historyLimit === undefined ? {} : { historyLimit: options.historyLimit },
  );
  const registry = createRegistry(store);
  const objects = options.objects === undefined ? healthyObjects() : [...options.objects, ...defaultAccess()];
  loadObjects(store, [...objects, ...limitedAccess()], clock.nowMs());
  const disturbance = calm();
  const context: ApiContext = {
    store,
    registry,
    clock,
    random: seededRandom(3),
    identifiers: createIdentifiers(3),
    authorizer: createAuthorizer(store),
    disturbance,
    users: new Map([
      ['admin', ADMINISTRATOR],
      ['limited', LIMITED_USER],
    ]),
    serviceAccountTokens: createServiceAccountTokens(store, clock),
    podLogs: {
      stream: (_pod, request, write, end) => {
        for (const line of ['first', 'second', 'third'].slice(-(request.tailLines ?? 3))) write(line);
        if (!request.follow) end();
        return () => {};
      },
    },
    webhooks: (_kind, object) => object,
    bookmarkIntervalMs: 60_000,
  };
  const server = createServer(createApiHandler(context));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const authorization = (token: string | null): Record<string, string> =>
    token === null ? {} : { Authorization: `Bearer ${token}` };

  return {
    store,
    clock,
    context,
    disturbance,
    call: async (path, { method = 'GET', body, headers = {}, token = 'admin' } = {}) => {
      const bytes =
        typeof body === 'string' || body === undefined
          ? body
          : body instanceof Uint8Array
            ? new Uint8Array(body)
            : JSON.stringify(body);
      const response = await fetch(base + path, {
        method,
        redirect: 'manual',
        headers: {
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...authorization(token),
          ...headers,
        },
        ...(bytes === undefined ? {} : { body: bytes }),
      });
      const text = await response.text();
      const contentType = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        contentType,
        headers: response.headers,
        text,
        body: contentType.startsWith('application/json') ? JSON.parse(text) : undefined,
      };
    },
    watch: async (path, headers = {}) => {
      const controller = new AbortController();
      const response = await fetch(base + path, {
        headers: { Accept: 'application/json', ...authorization('admin'), ...headers },
        signal: controller.signal,
      });
      const reader = response.body?.getReader();
      if (reader === undefined) throw new Error('a watch has a body');
      const decoder = new TextDecoder();
      let pending = '';
      return {
        next: async () => {
          for (;;) {
            const end = pending.indexOf('\n');
            if (end >= 0) {
              const line = pending.slice(0, end);
              pending = pending.slice(end + 1);
              return JSON.parse(line);
            }
            const { value, done } = await reader.read();
            if (done) return null;
            pending += decoder.decode(value, { stream: true });
          }
        },
        close: () => controller.abort(),
      };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
