import { stringify } from 'yaml';

export interface KubeconfigParts {
  name: string;
  server: string;
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  /** Left out: the file has no current context. */
  current?: string;
}

/** The text of a kubeconfig with one cluster, user and context, all of one name. */
export function kubeconfigText({ name, server, cluster = {}, user = {}, current }: KubeconfigParts): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    ...(current === undefined ? {} : { 'current-context': current }),
  });
}
