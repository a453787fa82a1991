/** `/api/v1/…` and `/apis/<group>/<version>/…` taken apart. */
export interface ResourcePath {
  group: string;
  version: string;
  namespace: string | undefined;
  resource: string;
  name: string | undefined;
  subresource: string | undefined;
  /** The deprecated `/watch/` prefix. */
  isWatchPath: boolean;
}

export function parseResourcePath(pathname: string): ResourcePath | null {
  const [root, ...rest] = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  let group = '';
  if (root === 'apis') group = rest.shift() ?? '';
  else if (root !== 'api') return null;
  const version = rest.shift();
  if (version === undefined) return null;
  const isWatchPath = rest[0] === 'watch';
  if (isWatchPath) rest.shift();
  let namespace: string | undefined;
  // `/namespaces/<name>` and its `/status` are the Namespace itself; anything longer is something inside it.
  if (
    rest[0] === 'namespaces' &&
    rest.length > 2 &&
    !(group === '' && rest.length === 3 && rest[2] === 'status')
  ) {
    namespace = rest[1];
    rest.splice(0, 2);
  }
  const [resource, name, subresource, ...beyond] = rest;
  if (resource === undefined || beyond.length > 0) return null;
  return { group, version, namespace, resource, name, subresource, isWatchPath };
}
