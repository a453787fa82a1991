import 'server-only';
import { readFileSync } from 'node:fs';
import type { DemoSettings } from '@/lib/domain/settings';
import type { Arm } from '@/lib/domain/vocabulary';
import { type Environment, type ReadFile, readValues } from './config/read-values';
import type { ActionName, LogLevel, Values } from './config/variables';
import type { IngressConnectTo } from './http/outbound';

/** Where a Kubernetes API may be found; which one wins is decided by the credentials. */
export interface KubernetesConfig {
  /** `KUBECONFIG`, in order; empty when it is not set. */
  kubeconfigFiles: readonly string[];
  context: string | null;
  /** For `~/.kube/config`. */
  homeDirectory: string | null;
  /** Given to every pod by Kubernetes. */
  inCluster: { host: string; port: string } | null;
}

export interface ProxyConfig {
  httpsProxy: string | null;
  noProxy: string;
}

/** Everything the environment decides, parsed once at the start. Holds secrets: never log it whole. */
export interface Config {
  settings: DemoSettings;
  kubernetes: KubernetesConfig;
  endpoints: {
    apiKeys: Record<Arm, string | null>;
    caFile: string | null;
    ingressConnectTo: IngressConnectTo;
  };
  prometheus: {
    url: URL | null;
    /** Read again at use, since such tokens are rotated. */
    tokenFile: string | null;
    caFile: string | null;
    /** Sent as `namespace=`, for the tenancy port. */
    namespace: string | null;
  };
  show: {
    promptsFile: string | null;
    pricesFile: string | null;
    targetsFile: string | null;
    guidellmPath: string | null;
    /** Chats at the same time, of all pages together. */
    chatMaxConcurrent: number;
    /** Without a sign of its browser for this long an answer is stopped at the engine; 0: never for that reason. */
    chatReaderSilentSeconds: number;
    loadMaxUsers: number | null;
  };
  rights: {
    allowedActions: readonly ActionName[];
    controlToken: string | null;
    /** Lower case, with a port only where one was given. */
    publicHosts: readonly string[];
  };
  server: { port: number; hostname: string; logLevel: LogLevel };
  proxy: ProxyConfig;
}

/** Parses the environment and the optional file; throws a ConfigError that names every wrong variable. */
export function parseConfig(environment: Environment, readFile: ReadFile): Config {
  const values = readValues(environment, readFile);
  const host = environment.KUBERNETES_SERVICE_HOST || null;
  return {
    settings: toSettings(values),
    kubernetes: {
      kubeconfigFiles: values.KUBECONFIG,
      context: values.KUBE_CONTEXT,
      homeDirectory: environment.HOME || null,
      inCluster: host === null ? null : { host, port: environment.KUBERNETES_SERVICE_PORT || '443' },
    },
    endpoints: {
      apiKeys: {
        baseline: secretOf(values.BASELINE_API_KEY, values.BASELINE_API_KEY_FILE, readFile),
        distributed: secretOf(values.DISTRIBUTED_API_KEY, values.DISTRIBUTED_API_KEY_FILE, readFile),
      },
      caFile: values.MODEL_CA_FILE,
      ingressConnectTo: values.INGRESS_CONNECT_TO,
    },
    prometheus: {
      url: values.PROMETHEUS_URL,
      tokenFile: values.PROMETHEUS_TOKEN_FILE,
      caFile: values.PROMETHEUS_CA_FILE,
      namespace: values.PROMETHEUS_NAMESPACE,
    },
    show: {
      promptsFile: values.PROMPTS_FILE,
      pricesFile: values.PRICES_FILE,
      targetsFile: values.TARGETS_FILE,
      guidellmPath: values.GUIDELLM_PATH,
      chatMaxConcurrent: values.CHAT_MAX_CONCURRENT,
      chatReaderSilentSeconds: values.CHAT_READER_SILENT_SECONDS,
      loadMaxUsers: values.LOAD_MAX_USERS,
    },
    rights: {
      allowedActions: values.ALLOW_ACTIONS,
      controlToken: secretOf(values.CONTROL_TOKEN, values.CONTROL_TOKEN_FILE, readFile),
      publicHosts: values.PUBLIC_HOSTS,
    },
    server: { port: values.PORT, hostname: values.HOSTNAME, logLevel: values.LOG_LEVEL },
    proxy: { httpsProxy: values.HTTPS_PROXY, noProxy: values.NO_PROXY },
  };
}

/** The configuration of this process. The only reader of `process.env`. */
export function loadConfig(): Config {
  return parseConfig(process.env, (path) => readFileSync(path, 'utf8'));
}

/** Whether only this machine can reach the server; beyond that, changing routes need `CONTROL_TOKEN`. */
export function isBoundToLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

function toSettings(values: Values): DemoSettings {
  return {
    namespace: values.DEMO_NAMESPACE,
    baselineName: values.BASELINE_NAME,
    distributedName: values.DISTRIBUTED_NAME,
    gateway: values.GATEWAY,
    instanceType: values.INSTANCE_TYPE,
    expectedReplicas: values.EXPECTED_REPLICAS,
    kueueLocalQueue: values.KUEUE_LOCAL_QUEUE,
    benchmarkCronJob: values.BENCHMARK_CRONJOB,
    argocdApplication: values.ARGOCD_APPLICATION,
    endpointOverride: {
      baseline: values.BASELINE_URL?.href ?? null,
      distributed: values.DISTRIBUTED_URL?.href ?? null,
    },
  };
}

/** A secret given directly or by file; a file that is empty gives none. */
function secretOf(text: string | null, file: string | null, readFile: ReadFile): string | null {
  return text ?? (file === null ? null : readFile(file).trim() || null);
}
