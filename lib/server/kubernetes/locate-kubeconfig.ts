import 'server-only';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { KubernetesConfig } from '../config';
import { KubernetesError } from './errors';

/** Where Kubernetes puts a pod's own credentials. */
export const SERVICE_ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A cluster configuration and where it came from, in words for the log and the status line. */
export interface LocatedKubeConfig {
  kubeConfig: KubeConfig;
  source: string;
  /** Changes when one of the files read changes. */
  fingerprint: string;
}

/**
 * Finds the cluster as kubectl does: the files of `KUBECONFIG` (the first to name a thing wins), else
 * `~/.kube/config`, else the pod's service account. Never falls back to localhost:8080.
 */
export function locateKubeConfig(
  config: KubernetesConfig,
  serviceAccountDirectory: string = SERVICE_ACCOUNT_DIRECTORY,
): LocatedKubeConfig {
  if (config.kubeconfigFiles.length > 0) {
    return fromFiles(config.kubeconfigFiles, 'KUBECONFIG', config.context);
  }
  const own = config.homeDirectory === null ? null : join(config.homeDirectory, '.kube', 'config');
  if (own !== null && existsSync(own)) return fromFiles([own], 'home directory', config.context);
  if (config.inCluster !== null && existsSync(join(serviceAccountDirectory, 'token'))) {
    return fromServiceAccount(config.inCluster, serviceAccountDirectory);
  }
  throw new KubernetesError(
    'not-configured',
    'No cluster is configured: KUBECONFIG is not set, there is no ~/.kube/config, and this is not a pod.',
  );
}

function fromFiles(paths: readonly string[], origin: string, context: string | null): LocatedKubeConfig {
  const present = paths.filter((path) => existsSync(path));
  if (present.length === 0) {
    throw new KubernetesError(
      'not-configured',
      `No cluster is configured: ${origin} names no file that exists.`,
    );
  }
  const merged = new KubeConfig();
  merged.loadFromOptions({ clusters: [], users: [], contexts: [], currentContext: undefined });
  const texts: string[] = [];
  for (const path of present) {
    const part = readKubeConfig(path);
    texts.push(path, part.text);
    merged.clusters.push(...withoutKnown(part.kubeConfig.clusters, merged.clusters));
    merged.users.push(...withoutKnown(part.kubeConfig.users, merged.users));
    merged.contexts.push(...withoutKnown(part.kubeConfig.contexts, merged.contexts));
    merged.currentContext ||= part.kubeConfig.currentContext;
  }
  const name = context ?? merged.currentContext;
  const problem = findContextProblem(merged, name, context !== null);
  if (problem !== null) throw new KubernetesError('not-configured', problem);
  merged.setCurrentContext(name);
  return {
    kubeConfig: merged,
    source: `${origin} (${present.join(', ')}), context ${name}`,
    fingerprint: JSON.stringify([name, ...texts]),
  };
}

function readKubeConfig(path: string): { kubeConfig: KubeConfig; text: string } {
  const kubeConfig = new KubeConfig();
  try {
    const text = readFileSync(path, 'utf8');
    kubeConfig.loadFromFile(path);
    return { kubeConfig, text };
  } catch (error) {
    // The library's message may quote the file.
    throw new KubernetesError('not-configured', `The kubeconfig ${path} cannot be read.`, { cause: error });
  }
}

function withoutKnown<Named extends { name: string }>(added: Named[], known: readonly Named[]): Named[] {
  const names = new Set(known.map((one) => one.name));
  return added.filter((one) => !names.has(one.name));
}

function findContextProblem(
  kubeConfig: KubeConfig,
  name: string | undefined,
  isChosen: boolean,
): string | null {
  const known = kubeConfig.contexts.map((context) => context.name).join(', ') || 'none';
  if (!name) return `The kubeconfig has no current context; name one in KUBE_CONTEXT (known: ${known}).`;
  const context = kubeConfig.contexts.find((one) => one.name === name);
  if (context === undefined) {
    const origin = isChosen ? 'KUBE_CONTEXT' : 'The current context';
    return `${origin} "${name}" is not in the kubeconfig (known: ${known}).`;
  }
  const hasCluster = kubeConfig.clusters.some((cluster) => cluster.name === context.cluster);
  return hasCluster
    ? null
    : `Context "${name}" names the cluster "${context.cluster}", which is not in the kubeconfig.`;
}

function fromServiceAccount(
  { host, port }: { host: string; port: string },
  directory: string,
): LocatedKubeConfig {
  const kubeConfig = new KubeConfig();
  const address = host.includes(':') ? `[${host}]` : host;
  kubeConfig.loadFromClusterAndUser(
    {
      name: 'in-cluster',
      server: `https://${address}:${port}`,
      caFile: join(directory, 'ca.crt'),
      skipTLSVerify: false,
    },
    {
      name: 'service-account',
      authProvider: { name: 'tokenFile', config: { tokenFile: join(directory, 'token') } },
    },
  );
  return {
    kubeConfig,
    source: "the pod's service account",
    // A rotated token is picked up at the next look instead of the library's own, later one.
    fingerprint: readFileSync(join(directory, 'token'), 'utf8'),
  };
}
