/** The Gateway's Envoy: HTTPRoutes by path, completions through the endpoint picker, everything else to the Service. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { PREFILLER_HEADER } from '../inference-api/routing-sidecar.ts';
import { bearerToken } from '../kubernetes-api/access.ts';
import { isRecord, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { EndpointPicker, EndpointPickerOptions } from '../parts.ts';
import { pickerGenerationOf } from '../world/engine-images.ts';
import { leastBusy } from '../world/engines.ts';
import type { World } from '../world/world.ts';
import {
  type Backend,
  backendsOf,
  type EngineBackend,
  engineBackendsOf,
  hasReadyEndpoint,
} from './backends.ts';
import { proxy } from './proxy.ts';
import { schedulerOf } from './scheduler-pods.ts';
import { createUsageReader } from './usage-reader.ts';

interface Gateway extends KubernetesObject {
  spec: { gatewayClassName: string };
  status?: { addresses?: { value: string }[]; conditions?: { type: string; status: string }[] };
}

interface ParentRef {
  name: string;
  namespace?: string;
}

interface HttpRoute extends KubernetesObject {
  spec: {
    parentRefs?: ParentRef[];
    rules?: {
      matches?: { path?: { type?: string; value?: string } }[];
      filters?: { type: string; urlRewrite?: { path?: { type: string; replacePrefixMatch?: string } } }[];
      backendRefs?: { group?: string; kind?: string; name: string; port?: number }[];
    }[];
  };
  status?: { parents?: { controllerName: string; conditions?: { type: string; status: string }[] }[] };
}

interface InferencePool extends KubernetesObject {
  spec: { selector: Record<string, string>; extensionRef?: { name: string } };
}

interface AuthPolicy extends KubernetesObject {
  spec: { targetRef: { kind: string; name: string } };
}

interface MatchedRule {
  route: string;
  namespace: string;
  backend: { group?: string; kind?: string; name: string };
  path: string;
}

const GATEWAY_CONTROLLER = 'openshift.io/gateway-controller/v1';
const POOLS = 'inferencepools.inference.networking.x-k8s.io';
const ENVOY = { server: 'istio-envoy' };
const MAX_BODY_BYTES = 16 * 1024 * 1024;

function isTrue(conditions: { type: string; status: string }[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}

/** The programmed Gateway that answers at this host: its address, or its in-cluster Service name. */
export function gatewayFor(world: World, host: string | undefined): Gateway | undefined {
  const name = host?.split(':')[0]?.toLowerCase();
  return world.cluster
    .list<Gateway>('gateways.gateway.networking.k8s.io')
    .find(({ metadata, spec, status }) => {
      if (!isTrue(status?.conditions, 'Programmed')) return false;
      const service = `${metadata.name}-${spec.gatewayClassName}.${metadata.namespace}.svc`;
      const names = [
        ...(status?.addresses ?? []).map(({ value }) => value),
        service,
        `${service}.cluster.local`,
      ];
      return name !== undefined && names.includes(name);
    });
}

/** PathPrefix matches whole segments only. */
function hasPrefix(path: string, prefix: string): boolean {
  const trimmed = prefix.replace(/\/$/, '');
  return path === trimmed || path.startsWith(`${trimmed}/`);
}

/** The rule with the longest matching prefix among the accepted routes of a gateway. */
function matchRule(world: World, gateway: Gateway, url: string): MatchedRule | null {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? '' : url.slice(question);
  let best: (MatchedRule & { length: number }) | null = null;
  for (const route of world.cluster.list<HttpRoute>('httproutes.gateway.networking.k8s.io')) {
    const isAttached = route.spec.parentRefs?.some(
      ({ name, namespace = route.metadata.namespace }) =>
        name === gateway.metadata.name && namespace === gateway.metadata.namespace,
    );
    const parent = route.status?.parents?.find(({ controllerName }) => controllerName === GATEWAY_CONTROLLER);
    if (isAttached !== true || !isTrue(parent?.conditions, 'Accepted')) continue;
    for (const rule of route.spec.rules ?? []) {
      const [backend] = rule.backendRefs ?? [];
      if (backend === undefined) continue;
      for (const { path: match } of rule.matches ?? [{ path: { value: '/' } }]) {
        const prefix = match?.value ?? '/';
        if (!hasPrefix(path, prefix) || (best !== null && best.length >= prefix.length)) continue;
        const rewrite = rule.filters?.find(({ type }) => type === 'URLRewrite')?.urlRewrite?.path
          ?.replacePrefixMatch;
        const rest = path.slice(prefix.replace(/\/$/, '').length);
        const rewritten = rewrite === undefined ? path : `${rewrite.replace(/\/$/, '')}${rest}` || '/';
        best = {
          route: route.metadata.name,
          namespace: route.metadata.namespace ?? '',
          backend,
          path: rewritten + query,
          length: prefix.length,
        };
      }
    }
  }
  return best;
}

function answer(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    ...ENVOY,
    'content-type': 'text/plain',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function readAll(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the picker hashes: the prompt, or the messages in the picker's own chat form. */
function promptTextOf(body: Record<string, unknown>): string {
  if (typeof body.prompt === 'string') return body.prompt;
  if (!Array.isArray(body.messages)) return '';
  return body.messages
    .map((message) =>
      isRecord(message) ? `<|im_start|>${message.role}\n${message.content}<|im_end|>\n` : '',
    )
    .join('');
}

export interface GatewayHandler {
  handle(request: IncomingMessage, response: ServerResponse, gateway: Gateway): void;
  /** The picker of a pool, for its metrics; undefined until the pool has been used or asked for. */
  picker(namespace: string, pool: string): EndpointPicker;
}

export interface GatewayOptions {
  world: World;
  clock: Clock;
  createPicker: (options: EndpointPickerOptions) => EndpointPicker;
  /** Whether the bearer of a token may use a service: 200, 401 or 403. */
  authorize(token: string | null, namespace: string, service: string): number;
}

export function createGatewayHandler({
  world,
  clock,
  createPicker,
  authorize,
}: GatewayOptions): GatewayHandler {
  /** By pool: the picker, and the pod that it runs in. */
  const pickers = new Map<string, { podUid: string; picker: EndpointPicker }>();
  const connections = new WeakMap<object, number>();
  let nextConnection = 0;

  const poolBackends = (namespace: string, pool: string): EngineBackend[] => {
    const { selector } = world.cluster.get<InferencePool>(POOLS, namespace, pool)?.spec ?? {};
    if (selector === undefined) return [];
    return world.cluster
      .list<KubernetesObject & { spec: { selector?: Record<string, string>; clusterIP?: string } }>(
        'services',
        namespace,
      )
      .filter(({ metadata }) => metadata.labels?.['istio.io/inferencepool-name'] === pool)
      .flatMap(({ metadata }) => engineBackendsOf(world, namespace, metadata.name));
  };

  /** A new scheduler pod begins with empty books and an empty prefix index. */
  const picker = (namespace: string, pool: string): EndpointPicker => {
    const key = `${namespace}/${pool}`;
    const scheduler = schedulerOf(world, namespace, pool);
    const podUid = scheduler?.podUid ?? '';
    const known = pickers.get(key);
    if (known?.podUid === podUid) return known.picker;
    const created = createPicker({
      poolName: pool,
      namespace,
      generation: pickerGenerationOf(scheduler?.image),
      clock,
      endpoints: () =>
        poolBackends(namespace, pool)
          // The profiles of the picker take decode and prefill pods apart by their role.
          .filter(({ engine }) => engine.plan.role !== 'prefill')
          .map(({ podName, engine }) => ({ podName, snapshot: () => engine.engine.snapshot() })),
    });
    pickers.set(key, { podUid, picker: created });
    return created;
  };

  /** Kubernetes' Service: one choice per connection. */
  const byConnection = (request: IncomingMessage, backends: Backend[]): Backend | undefined => {
    let number = connections.get(request.socket);
    if (number === undefined) {
      number = nextConnection++;
      connections.set(request.socket, number);
    }
    return backends[number % Math.max(1, backends.length)];
  };

  const unreachable = (response: ServerResponse): void =>
    answer(
      response,
      503,
      'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
    );

  const toPool = async (
    request: IncomingMessage,
    response: ServerResponse,
    rule: MatchedRule,
  ): Promise<void> => {
    const {
      namespace,
      backend: { name: pool },
      path,
    } = rule;
    const body = await readAll(request);
    if (body === null) return answer(response, 413, 'Payload Too Large');
    const backends = poolBackends(namespace, pool);
    const extension = world.cluster.get<InferencePool>(POOLS, namespace, pool)?.spec.extensionRef?.name ?? '';
    if (!hasReadyEndpoint(world, namespace, extension)) {
      // failureMode FailOpen: no picker, no header, plain balancing.
      const backend = byConnection(request, backends);
      if (backend === undefined) return answer(response, 503, 'no healthy upstream');
      return proxy(request, response, backend, {
        path,
        body,
        responseHeaders: ENVOY,
        onUnreachable: unreachable,
      });
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.toString('utf8'));
    } catch {
      return answer(response, 400, 'inference gateway: BadRequest - error unmarshaling request body');
    }
    if (!isRecord(parsed) || typeof parsed.model !== 'string' || parsed.model === '') {
      return answer(response, 400, 'inference gateway: BadRequest - model not found in request body');
    }
    const picked = picker(namespace, pool).pick(parsed.model, promptTextOf(parsed));
    const backend = backends.find(({ podName }) => podName === picked?.podName);
    if (picked === null || backend === undefined) {
      return answer(
        response,
        503,
        'inference gateway: ServiceUnavailable - failed to find candidate pods for serving the request',
      );
    }
    const prefiller =
      backend.engine.plan.role === 'decode'
        ? leastBusy(backends.map(({ engine }) => engine).filter(({ plan }) => plan.role === 'prefill'))
        : undefined;
    const usage = createUsageReader();
    const pickedMs = clock.nowMs();
    let statusCode = 503;
    let isStreaming = false;
    let ttftSeconds: number | null = null;
    proxy(request, response, backend, {
      path,
      body,
      ...(prefiller === undefined ? {} : { requestHeaders: { [PREFILLER_HEADER]: prefiller.address } }),
      responseHeaders: { ...ENVOY, 'x-went-into-resp-headers': 'true' },
      onUnreachable: unreachable,
      observe: {
        head: (code, isEventStream) => {
          statusCode = code;
          isStreaming = isEventStream;
        },
        piece: (bytes) => {
          ttftSeconds ??= (clock.nowMs() - pickedMs) / 1000;
          usage.add(bytes);
        },
        end: () => picked.finished({ statusCode, isStreaming, ttftSeconds, ...usage.read() }),
      },
    });
  };

  const hasPolicy = (namespace: string | undefined, kind: string, name: string): boolean =>
    world.cluster
      .list<AuthPolicy>('authpolicies.kuadrant.io', namespace)
      .some(({ spec }) => spec.targetRef.kind === kind && spec.targetRef.name === name);

  /** The Gateway's policy asks for a token, unless the route has its own, which lets everybody in. */
  const refusalFor = (request: IncomingMessage, { metadata }: Gateway, rule: MatchedRule): number => {
    const isGuarded =
      hasPolicy(metadata.namespace, 'Gateway', metadata.name) &&
      !hasPolicy(rule.namespace, 'HTTPRoute', rule.route);
    if (!isGuarded) return 200;
    const [, namespace = '', service = ''] = (request.url ?? '/').split(/[/?]/);
    return authorize(bearerToken(request), namespace, service);
  };

  return {
    picker,
    handle: (request, response, gateway) => {
      const rule = matchRule(world, gateway, request.url ?? '/');
      if (rule === null) {
        response.writeHead(404, { ...ENVOY, 'content-length': 0 });
        response.end();
        return;
      }
      const refusal = refusalFor(request, gateway, rule);
      if (refusal !== 200) {
        response.writeHead(refusal, {
          ...ENVOY,
          ...(refusal === 401
            ? {
                'www-authenticate': 'Bearer realm="kubernetes-user"',
                'x-ext-auth-reason': 'credential not found',
              }
            : { 'x-ext-auth-reason': 'Unauthorized' }),
          'content-length': 0,
        });
        response.end();
        return;
      }
      if (rule.backend.kind === 'InferencePool') {
        toPool(request, response, rule).catch(() => response.destroy());
        return;
      }
      const backend = byConnection(request, backendsOf(world, rule.namespace, rule.backend.name));
      if (backend === undefined) {
        answer(response, 503, 'no healthy upstream');
        return;
      }
      proxy(request, response, backend, {
        path: rule.path,
        responseHeaders: ENVOY,
        onUnreachable: unreachable,
      });
    },
  };
}
