/** The kubeconfig of a lab: one cluster, a context that may do everything, and one that only reads. */
export interface KubeconfigOptions {
  server: string;
  authorityPem: string;
  adminToken: string;
  readerToken: string;
  namespace: string;
}

export const ADMIN_CONTEXT = 'lab';
export const READER_CONTEXT = 'lab-reader';

/** JSON is YAML, so this is a kubeconfig as it is. */
export function kubeconfigText({
  server,
  authorityPem,
  adminToken,
  readerToken,
  namespace,
}: KubeconfigOptions): string {
  const context = (name: string, user: string): unknown => ({
    name,
    context: { cluster: 'lab', user, namespace },
  });
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': ADMIN_CONTEXT,
    clusters: [
      {
        name: 'lab',
        cluster: { server, 'certificate-authority-data': Buffer.from(authorityPem).toString('base64') },
      },
    ],
    users: [
      { name: 'admin', user: { token: adminToken } },
      { name: 'reader', user: { token: readerToken } },
    ],
    contexts: [context(ADMIN_CONTEXT, 'admin'), context(READER_CONTEXT, 'reader')],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
