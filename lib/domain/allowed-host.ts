/** Names under which a browser on the same machine reaches us. */
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The host of a `Host` header without its port, lower case; `null` when the header has another form. */
export function hostnameOf(hostHeader: string): string | null {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::\d{1,5})?$/.exec(
    hostHeader.toLowerCase(),
  );
  return match?.[1] ?? null;
}

/**
 * `publicHosts`: lower case, with a port only where that port alone is meant.
 * Whether a request for this Host is answered: loopback names and PUBLIC_HOSTS only, so that a foreign name
 * that resolves to us (DNS rebinding) reads nothing.
 */
export function isAllowedHost(
  hostHeader: string | null | undefined,
  publicHosts: readonly string[],
): boolean {
  if (hostHeader === null || hostHeader === undefined) return false;
  const hostname = hostnameOf(hostHeader);
  if (hostname === null) return false;
  return (
    LOOPBACK_HOSTS.has(hostname) ||
    publicHosts.some((host) => host === hostname || host === hostHeader.toLowerCase())
  );
}
