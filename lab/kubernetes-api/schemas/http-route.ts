/** HTTPRouteSpec and InferencePoolSpec: their own kinds, and embedded in LLMInferenceService. */
import { int32, list, map, object, oneOf, type Schema, text, withDefault } from './schema.ts';

const port: Schema = { ...int32, minimum: 1 };
const header = object({ 'name!': text, 'value!': text });
const headerChanges = object({ add: list(header), remove: list(text), set: list(header) });

const pathModifier = object({
  replaceFullPath: text,
  replacePrefixMatch: text,
  'type!': oneOf('ReplaceFullPath', 'ReplacePrefixMatch'),
});

const backendReference = {
  group: withDefault(text, ''),
  kind: withDefault(text, 'Service'),
  'name!': text,
  namespace: text,
  port,
};

const filter = object({
  extensionRef: object({ 'group!': text, 'kind!': text, 'name!': text }),
  requestHeaderModifier: headerChanges,
  requestMirror: object({
    'backendRef!': object(backendReference),
    fraction: object({ denominator: withDefault(int32, 100), 'numerator!': int32 }),
    percent: int32,
  }),
  requestRedirect: object({
    hostname: text,
    path: pathModifier,
    port,
    scheme: oneOf('http', 'https'),
    statusCode: withDefault({ type: 'integer', enum: [301, 302] }, 302),
  }),
  responseHeaderModifier: headerChanges,
  'type!': oneOf(
    'RequestHeaderModifier',
    'ResponseHeaderModifier',
    'RequestMirror',
    'RequestRedirect',
    'URLRewrite',
    'ExtensionRef',
  ),
  urlRewrite: object({ hostname: text, path: pathModifier }),
});

const valueMatch = object({
  'name!': text,
  type: withDefault(oneOf('Exact', 'RegularExpression'), 'Exact'),
  'value!': text,
});

export const httpRouteSpec: Schema = object({
  hostnames: list(text),
  parentRefs: list(
    object({
      group: withDefault(text, 'gateway.networking.k8s.io'),
      kind: withDefault(text, 'Gateway'),
      'name!': text,
      namespace: text,
      port,
      sectionName: text,
    }),
  ),
  rules: list(
    object({
      backendRefs: list(
        object({ ...backendReference, filters: list(filter), weight: withDefault(int32, 1) }),
      ),
      filters: list(filter),
      matches: list(
        object({
          headers: list(valueMatch),
          method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'),
          path: object({
            type: withDefault(oneOf('Exact', 'PathPrefix', 'RegularExpression'), 'PathPrefix'),
            value: withDefault(text, '/'),
          }),
          queryParams: list(valueMatch),
        }),
      ),
      name: text,
      retry: object({ attempts: { type: 'integer' }, backoff: text, codes: list({ type: 'integer' }) }),
      sessionPersistence: object({
        absoluteTimeout: text,
        cookieConfig: object({ lifetimeType: withDefault(oneOf('Permanent', 'Session'), 'Session') }),
        idleTimeout: text,
        sessionName: text,
        type: withDefault(oneOf('Cookie', 'Header'), 'Cookie'),
      }),
      timeouts: object({ backendRequest: text, request: text }),
    }),
  ),
});

/** v1alpha2. */
export const inferencePoolSpec: Schema = object({
  'extensionRef!': object({
    failureMode: withDefault(oneOf('FailOpen', 'FailClose'), 'FailClose'),
    group: withDefault(text, ''),
    kind: withDefault(text, 'Service'),
    'name!': text,
    portNumber: port,
  }),
  'selector!': map(text),
  'targetPortNumber!': port,
});
