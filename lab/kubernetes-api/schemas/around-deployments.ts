/** Who may reach whom, how often pods may be disturbed, and how others are scaled: the kinds around a deployment. */
import {
  anyObject,
  flag,
  int32,
  intOrString,
  list,
  map,
  object,
  oneOf,
  open,
  type Schema,
  text,
} from './schema.ts';

type Fields = Record<string, Schema>;

const labelSelector = object({
  matchLabels: map(text),
  matchExpressions: list(object({ 'key!': text, 'operator!': text, values: list(text) })),
});

const policyPorts = list(
  object({ port: intOrString, endPort: int32, protocol: oneOf('TCP', 'UDP', 'SCTP') }),
);
const policyPeers = list(
  object({
    ipBlock: object({ 'cidr!': text, except: list(text) }),
    namespaceSelector: labelSelector,
    podSelector: labelSelector,
  }),
);

export const networkPolicy: Fields = {
  spec: object({
    podSelector: labelSelector,
    policyTypes: list(oneOf('Ingress', 'Egress')),
    ingress: list(object({ from: policyPeers, ports: policyPorts })),
    egress: list(object({ to: policyPeers, ports: policyPorts })),
  }),
};

export const podDisruptionBudget: Fields = {
  spec: object({
    minAvailable: intOrString,
    maxUnavailable: intOrString,
    selector: labelSelector,
    unhealthyPodEvictionPolicy: oneOf('IfHealthyBudget', 'AlwaysAllow'),
  }),
  status: anyObject,
};

export const referenceGrant: Fields = {
  spec: object({
    'from!': list(object({ 'group!': text, 'kind!': text, 'namespace!': text })),
    'to!': list(object({ 'group!': text, 'kind!': text, name: text })),
  }),
};

export const destinationRule: Fields = {
  spec: object({
    'host!': text,
    exportTo: list(text),
    subsets: list(anyObject),
    trafficPolicy: open(
      object({
        tls: object({
          mode: oneOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
          caCertificates: text,
          caCrl: text,
          clientCertificate: text,
          credentialName: text,
          insecureSkipVerify: flag,
          privateKey: text,
          sni: text,
          subjectAltNames: list(text),
        }),
      }),
    ),
    workloadSelector: object({ matchLabels: map(text) }),
  }),
  status: anyObject,
};

export const consoleLink: Fields = {
  'spec!': object({
    'href!': { ...text, pattern: '^https://' },
    'location!': oneOf('ApplicationMenu', 'HelpMenu', 'UserMenu', 'NamespaceDashboard'),
    'text!': text,
    applicationMenu: object({ 'section!': text, imageURL: text }),
    namespaceDashboard: object({ namespaces: list(text), namespaceSelector: labelSelector }),
  }),
};

export const odhApplication: Fields = {
  spec: open(
    object({
      'displayName!': text,
      'provider!': text,
      'description!': text,
      'getStartedLink!': text,
      'docsLink!': text,
      'category!': text,
      'img!': text,
      'getStartedMarkDown!': text,
      'support!': text,
      link: text,
      route: text,
      internalRoute: text,
    }),
  ),
};

export const scaledObject: Fields = {
  'spec!': object({
    'scaleTargetRef!': object({ apiVersion: text, envSourceContainerName: text, kind: text, 'name!': text }),
    pollingInterval: int32,
    cooldownPeriod: int32,
    initialCooldownPeriod: int32,
    idleReplicaCount: int32,
    minReplicaCount: int32,
    maxReplicaCount: int32,
    advanced: object({
      horizontalPodAutoscalerConfig: object({ behavior: anyObject, name: text }),
      restoreToOriginalReplicaCount: flag,
      scalingModifiers: anyObject,
    }),
    fallback: object({ behavior: text, 'failureThreshold!': int32, 'replicas!': int32 }),
    'triggers!': list(
      object({
        'type!': text,
        'metadata!': map(text),
        name: text,
        metricType: oneOf('AverageValue', 'Value', 'Utilization'),
        useCachedMetrics: flag,
        authenticationRef: object({ kind: text, 'name!': text }),
      }),
    ),
  }),
  status: anyObject,
};

export const triggerAuthentication: Fields = {
  'spec!': open(
    object({
      secretTargetRef: list(object({ 'key!': text, 'name!': text, 'parameter!': text })),
      env: list(object({ containerName: text, 'name!': text, 'parameter!': text })),
    }),
  ),
  status: anyObject,
};
