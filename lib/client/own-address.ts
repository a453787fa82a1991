/** Below which path this build is served; fixed when Next.js builds (next.config.mjs), "" for the root. */
const BASE_PATH = process.env.BASE_PATH ?? '';

/** The address of one of our own routes, for `fetch`, event streams and plain links. `Link` and the router add it themselves. */
export function ownAddress(path: `/${string}`): string {
  return `${BASE_PATH}${path}`;
}
