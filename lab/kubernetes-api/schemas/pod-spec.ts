/** PodSpec, as Kubernetes 1.33 embeds it in workloads and custom resources. */
import {
  anyObject,
  flag,
  int32,
  int64,
  intOrString,
  list,
  map,
  object,
  open,
  type Schema,
  text,
  withDefault,
} from './schema.ts';

const nameReference = object({ name: withDefault(text, '') });
const expression = object({ 'key!': text, 'operator!': text, values: list(text) });

export const labelSelector: Schema = object({
  matchExpressions: list(expression),
  matchLabels: map(text),
});

const nodeSelectorTerm = object({ matchExpressions: list(expression), matchFields: list(expression) });

const podAffinityTerm = object({
  labelSelector,
  matchLabelKeys: list(text),
  mismatchLabelKeys: list(text),
  namespaceSelector: labelSelector,
  namespaces: list(text),
  'topologyKey!': text,
});

const podAffinity = object({
  preferredDuringSchedulingIgnoredDuringExecution: list(
    object({ 'podAffinityTerm!': podAffinityTerm, 'weight!': int32 }),
  ),
  requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm),
});

const affinity = object({
  nodeAffinity: object({
    preferredDuringSchedulingIgnoredDuringExecution: list(
      object({ 'preference!': nodeSelectorTerm, 'weight!': int32 }),
    ),
    requiredDuringSchedulingIgnoredDuringExecution: object({ 'nodeSelectorTerms!': list(nodeSelectorTerm) }),
  }),
  podAffinity,
  podAntiAffinity: podAffinity,
});

const keyReference = object({ 'key!': text, name: withDefault(text, ''), optional: flag });

const environment = object({
  'name!': text,
  value: text,
  valueFrom: object({
    configMapKeyRef: keyReference,
    fieldRef: object({ apiVersion: text, 'fieldPath!': text }),
    resourceFieldRef: object({ containerName: text, divisor: intOrString, 'resource!': text }),
    secretKeyRef: keyReference,
  }),
});

const source = object({ name: withDefault(text, ''), optional: flag });
const exec = object({ command: list(text) });
const httpGet = object({
  host: text,
  httpHeaders: list(object({ 'name!': text, 'value!': text })),
  path: text,
  'port!': intOrString,
  scheme: text,
});
const tcpSocket = object({ host: text, 'port!': intOrString });
const handler = object({ exec, httpGet, sleep: object({ 'seconds!': int64 }), tcpSocket });

const probe = object({
  exec,
  failureThreshold: int32,
  grpc: object({ 'port!': int32, service: withDefault(text, '') }),
  httpGet,
  initialDelaySeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  tcpSocket,
  terminationGracePeriodSeconds: int64,
  timeoutSeconds: int32,
});

const resources = object({
  claims: list(object({ 'name!': text, request: text })),
  limits: map(intOrString),
  requests: map(intOrString),
});

const profile = object({ localhostProfile: text, 'type!': text });
const seLinuxOptions = object({ level: text, role: text, type: text, user: text });
const windowsOptions = object({
  gmsaCredentialSpec: text,
  gmsaCredentialSpecName: text,
  hostProcess: flag,
  runAsUserName: text,
});

const container = object({
  args: list(text),
  command: list(text),
  env: list(environment),
  envFrom: list(object({ configMapRef: source, prefix: text, secretRef: source })),
  image: text,
  imagePullPolicy: text,
  lifecycle: object({ postStart: handler, preStop: handler, stopSignal: text }),
  livenessProbe: probe,
  'name!': text,
  ports: list(
    object({
      'containerPort!': int32,
      hostIP: text,
      hostPort: int32,
      name: text,
      protocol: withDefault(text, 'TCP'),
    }),
  ),
  readinessProbe: probe,
  resizePolicy: list(object({ 'resourceName!': text, 'restartPolicy!': text })),
  resources,
  restartPolicy: text,
  securityContext: object({
    allowPrivilegeEscalation: flag,
    appArmorProfile: profile,
    capabilities: object({ add: list(text), drop: list(text) }),
    privileged: flag,
    procMount: text,
    readOnlyRootFilesystem: flag,
    runAsGroup: int64,
    runAsNonRoot: flag,
    runAsUser: int64,
    seLinuxOptions,
    seccompProfile: profile,
    windowsOptions,
  }),
  startupProbe: probe,
  stdin: flag,
  stdinOnce: flag,
  terminationMessagePath: text,
  terminationMessagePolicy: text,
  tty: flag,
  volumeDevices: list(object({ 'devicePath!': text, 'name!': text })),
  volumeMounts: list(
    object({
      'mountPath!': text,
      mountPropagation: text,
      'name!': text,
      readOnly: flag,
      recursiveReadOnly: text,
      subPath: text,
      subPathExpr: text,
    }),
  ),
  workingDir: text,
});

const items = list(object({ 'key!': text, mode: int32, 'path!': text }));

/** The volume sources that workloads of this demo use; the others keep whatever they hold. */
const volume: Schema = {
  ...object({
    'name!': text,
    configMap: object({ defaultMode: int32, items, name: withDefault(text, ''), optional: flag }),
    downwardAPI: anyObject,
    emptyDir: object({ medium: text, sizeLimit: intOrString }),
    ephemeral: anyObject,
    hostPath: object({ 'path!': text, type: text }),
    image: object({ pullPolicy: text, reference: text }),
    nfs: object({ 'path!': text, readOnly: flag, 'server!': text }),
    persistentVolumeClaim: object({ 'claimName!': text, readOnly: flag }),
    projected: object({ defaultMode: int32, sources: list(anyObject) }),
    secret: object({ defaultMode: int32, items, optional: flag, secretName: text }),
    csi: open(object({ 'driver!': text })),
  }),
  'x-kubernetes-preserve-unknown-fields': true,
};

export const podSpec: Schema = object({
  activeDeadlineSeconds: int64,
  affinity,
  automountServiceAccountToken: flag,
  containers: list(container),
  dnsConfig: object({
    nameservers: list(text),
    options: list(object({ name: text, value: text })),
    searches: list(text),
  }),
  dnsPolicy: text,
  enableServiceLinks: flag,
  ephemeralContainers: list(open(object({ 'name!': text }))),
  hostAliases: list(object({ hostnames: list(text), 'ip!': text })),
  hostIPC: flag,
  hostNetwork: flag,
  hostPID: flag,
  hostUsers: flag,
  hostname: text,
  imagePullSecrets: list(nameReference),
  initContainers: list(container),
  nodeName: text,
  nodeSelector: map(text),
  os: object({ 'name!': text }),
  overhead: map(intOrString),
  preemptionPolicy: text,
  priority: int32,
  priorityClassName: text,
  readinessGates: list(object({ 'conditionType!': text })),
  resourceClaims: list(object({ 'name!': text, resourceClaimName: text, resourceClaimTemplateName: text })),
  resources,
  restartPolicy: text,
  runtimeClassName: text,
  schedulerName: text,
  schedulingGates: list(object({ 'name!': text })),
  securityContext: object({
    appArmorProfile: profile,
    fsGroup: int64,
    fsGroupChangePolicy: text,
    runAsGroup: int64,
    runAsNonRoot: flag,
    runAsUser: int64,
    seLinuxChangePolicy: text,
    seLinuxOptions,
    seccompProfile: profile,
    supplementalGroups: list(int64),
    supplementalGroupsPolicy: text,
    sysctls: list(object({ 'name!': text, 'value!': text })),
    windowsOptions,
  }),
  serviceAccount: text,
  serviceAccountName: text,
  setHostnameAsFQDN: flag,
  shareProcessNamespace: flag,
  subdomain: text,
  terminationGracePeriodSeconds: int64,
  tolerations: list(
    object({ effect: text, key: text, operator: text, tolerationSeconds: int64, value: text }),
  ),
  topologySpreadConstraints: list(
    object({
      labelSelector,
      matchLabelKeys: list(text),
      'maxSkew!': int32,
      minDomains: int32,
      nodeAffinityPolicy: text,
      nodeTaintsPolicy: text,
      'topologyKey!': text,
      'whenUnsatisfiable!': text,
    }),
  ),
  volumes: list(volume),
});

/** Workloads require containers; overrides in custom resources do not. */
export const podTemplate: Schema = object({
  metadata: anyObject,
  spec: { ...podSpec, required: ['containers'] },
});
