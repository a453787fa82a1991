import 'server-only';
import { z } from 'zod';
import { findCondition } from '@/lib/domain/objects/meta';
import type {
  Gateway,
  GatewayClass,
  HttpRoute,
  InferencePool,
  ObjectReference,
  Route,
} from '@/lib/domain/objects/networking';
import {
  fields,
  intOrString,
  isRecord,
  list,
  optionalFields,
  required,
  stringMap,
  text,
  texts,
} from './lenient';
import { conditionedStatus, conditionsSchema, metaSchema } from './meta';

const GATEWAY_GROUP = 'gateway.networking.k8s.io';

const gatewayClassSchema = z.object({
  metadata: metaSchema,
  spec: fields({ controllerName: z.string().catch('') }),
  status: conditionedStatus,
});

export function parseGatewayClass(raw: unknown): GatewayClass {
  const { metadata, spec, status } = gatewayClassSchema.parse(raw);
  return { meta: metadata, controllerName: spec.controllerName, conditions: status.conditions };
}

const gatewaySchema = z.object({
  metadata: metaSchema,
  spec: fields({
    gatewayClassName: z.string().catch(''),
    listeners: list(
      z.object({
        name: required,
        port: z.number(),
        protocol: z.string().catch(''),
        hostname: text,
        allowedRoutes: fields({ namespaces: fields({ from: text }) }),
      }),
    ),
  }),
  status: fields({ addresses: list(z.object({ value: required })), conditions: conditionsSchema }),
});

export function parseGateway(raw: unknown): Gateway {
  const { metadata, spec, status } = gatewaySchema.parse(raw);
  return {
    meta: metadata,
    className: spec.gatewayClassName,
    listeners: spec.listeners.map(({ allowedRoutes, ...listener }) => ({
      ...listener,
      hostname: listener.hostname === '' ? null : listener.hostname,
      routesFrom: allowedRoutes.namespaces.from ?? 'Same',
    })),
    addresses: status.addresses.map((address) => address.value),
    conditions: status.conditions,
  };
}

/** A reference with the defaults the API gives: `Gateway` for parents, a core `Service` for backends. */
function reference(defaults: { group: string; kind: string }) {
  return z.object({ group: text, kind: text, namespace: text, name: required }).transform(
    (raw): ObjectReference => ({
      group: raw.group ?? defaults.group,
      kind: raw.kind ?? defaults.kind,
      namespace: raw.namespace,
      name: raw.name,
    }),
  );
}

const parentReference = reference({ group: GATEWAY_GROUP, kind: 'Gateway' });
const backendReference = reference({ group: '', kind: 'Service' });

const httpRouteSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    hostnames: texts,
    parentRefs: list(parentReference),
    rules: list(
      fields({
        matches: list(fields({ path: fields({ value: text }) })),
        backendRefs: list(backendReference),
        timeouts: fields({ request: text, backendRequest: text }),
      }),
    ),
  }),
  status: fields({
    parents: list(
      z.object({
        controllerName: z.string().catch(''),
        parentRef: parentReference,
        conditions: conditionsSchema,
      }),
    ),
  }),
});

export function parseHttpRoute(raw: unknown): HttpRoute {
  const { metadata, spec, status } = httpRouteSchema.parse(raw);
  return {
    meta: metadata,
    hostnames: spec.hostnames,
    parentRefs: spec.parentRefs,
    rules: spec.rules.map((rule) => ({
      pathPrefixes: rule.matches.flatMap((match) => (match.path.value === null ? [] : [match.path.value])),
      backends: rule.backendRefs,
    })),
    timeouts: spec.rules.map((rule) => rule.timeouts),
    parents: status.parents.map((parent) => ({
      controllerName: parent.controllerName,
      parent: parent.parentRef,
      conditions: parent.conditions,
    })),
  };
}

const poolParents = list(z.object({ parentRef: parentReference, conditions: conditionsSchema }));
const pickerSchema = optionalFields({ name: required, failureMode: text });

const inferencePoolSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    // v1alpha2 has the labels directly under `selector`, v1 under `selector.matchLabels`.
    selector: z.preprocess(
      (raw) => (isRecord(raw) && isRecord(raw.matchLabels) ? raw.matchLabels : raw),
      stringMap,
    ),
    extensionRef: pickerSchema,
    endpointPickerRef: pickerSchema,
  }),
  // v1alpha2 calls the list `parent`, v1 `parents`.
  status: fields({ parent: poolParents, parents: poolParents }),
});

/** Either group's pool: inference.networking.x-k8s.io/v1alpha2 and inference.networking.k8s.io/v1. */
export function parseInferencePool(raw: unknown): InferencePool {
  const { metadata, spec, status } = inferencePoolSchema.parse(raw);
  const parents = status.parents.length > 0 ? status.parents : status.parent;
  return {
    meta: metadata,
    selector: spec.selector,
    endpointPicker: spec.endpointPickerRef ?? spec.extensionRef,
    parents: parents.map((parent) => ({ parent: parent.parentRef, conditions: parent.conditions })),
  };
}

const routeSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    host: text,
    to: fields({ name: text }),
    port: fields({ targetPort: intOrString }),
    tls: optionalFields({ termination: text }),
  }),
  status: fields({ ingress: list(z.object({ host: text, conditions: conditionsSchema })) }),
});

export function parseRoute(raw: unknown): Route {
  const { metadata, spec, status } = routeSchema.parse(raw);
  return {
    meta: metadata,
    host: spec.host,
    service: spec.to.name,
    targetPort: spec.port.targetPort,
    termination: spec.tls?.termination ?? null,
    ingress: status.ingress.map((ingress) => ({
      host: ingress.host,
      admitted: findCondition(ingress.conditions, 'Admitted'),
    })),
  };
}
