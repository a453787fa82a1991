import 'server-only';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { KubernetesConfig } from '../config';
import { KubernetesError } from './errors';

/** Where Kubernetes puts a pod's own credentials. */
export const SERVICE_ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A cluster configuration and where it came from. */
export interface LocatedKubeConfig {
  kubeConfig: KubeConfig;
  /** In words for the status line: no path, no address, no user (platform-pitfalls A10). */
  source: string;
  /** The files and the context, for the log alone. */
  whereabouts: string;
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

/** `oc login` names contexts after the API's address and the user: those are not for every viewer. */
const PLAIN_CONTEXT = /^[\w-]+$/;

function fromFiles(paths: readonly string[], origin: string, context: string | null): LocatedKubeConfig {
  const present = paths.filter((path) => existsSync(path));
  if (present.length === 0) {
    throw new KubernetesError(
      'not-configured',
      `No cluster is configured: ${origin} names no file that exists.`,
      { whereabouts: paths.join(', ') },
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
  if (problem !== null) {
    const known = merged.contexts.map((one) => one.name).join(', ') || 'none';
    const whereabouts = `${present.join(', ')}; context ${name || 'none'}; known: ${known}`;
    throw new KubernetesError('not-configured', problem, { whereabouts });
  }
  merged.setCurrentContext(name);
  return {
    kubeConfig: merged,
    source: name !== undefined && PLAIN_CONTEXT.test(name) ? `${origin}, context ${name}` : origin,
    whereabouts: `${origin} (${present.join(', ')}), context ${name}`,
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
    throw new KubernetesError('not-configured', 'The kubeconfig cannot be read.', {
      cause: error,
      whereabouts: path,
    });
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
  if (!name) return 'The kubeconfig has no current context; name one in KUBE_CONTEXT.';
  const context = kubeConfig.contexts.find((one) => one.name === name);
  if (context === undefined) {
    return isChosen
      ? 'The context that KUBE_CONTEXT names is not in the kubeconfig.'
      : 'The current context is not in the kubeconfig.';
  }
  const hasCluster = kubeConfig.clusters.some((cluster) => cluster.name === context.cluster);
  return hasCluster ? null : 'The context names a cluster that is not in the kubeconfig.';
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
    whereabouts: directory,
    // A rotated token is picked up at the next look instead of the library's own, later one.
    fingerprint: readFileSync(join(directory, 'token'), 'utf8'),
  };
}
