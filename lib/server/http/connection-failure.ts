import 'server-only';

/** How a connection failed, from the error codes of Node and undici. */
export type ConnectionFailure =
  | 'name-not-resolved'
  | 'connection-refused'
  | 'connect-timeout'
  | 'certificate-not-trusted'
  | 'connection-broken';

export function connectionFailureOf(error: unknown): ConnectionFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'name-not-resolved';
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'connection-refused';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'connect-timeout';
    default:
      // DEPTH_ZERO_SELF_SIGNED_CERT, ERR_TLS_CERT_ALTNAME_INVALID, UNABLE_TO_VERIFY_LEAF_SIGNATURE, …
      return /CERT|UNABLE_TO_/.test(code) ? 'certificate-not-trusted' : 'connection-broken';
  }
}
