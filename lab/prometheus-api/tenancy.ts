/**
 * The tenancy port of the Thanos querier on OpenShift (9092, metrics §9.2): kube-rbac-proxy, then prom-label-proxy,
 * in front of a query API. Refusals of the first are texts, those of the second Prometheus errors of a type of their own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, sendText } from './api-json.ts';
import { injectMatcher } from './inject-matcher.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface TenancyOptions {
  /**
   * Whether the bearer of a token may `get` (GET) or `create` (POST) `pods.metrics.k8s.io` in a namespace; the role
   * `view` gives the first only. Null: nobody has this token.
   */
  canRead(
    token: string,
    namespace: string,
    verb: 'get' | 'create',
  ): { user: string; isAllowed: boolean } | null;
}

const QUERY_PATH = /^\/api\/v1\/(query|query_range)$/;
const SERIES_PATH = /^\/api\/v1\/(labels|series|label\/[^/]+\/values)$/;
const VERBS: ReadonlyMap<string, 'get' | 'create'> = new Map([
  ['GET', 'get'],
  ['POST', 'create'],
]);
const NAMESPACE = 'namespace';

export function tenancy(handle: Handler, options: TenancyOptions): Handler {
  return (request, response) => {
    const url = new URL(`http://thanos${request.url ?? '/'}`);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!QUERY_PATH.test(url.pathname) && !SERIES_PATH.test(url.pathname)) {
      sendText(response, 404, '404 page not found\n');
      return;
    }
    const namespace = url.searchParams.get(NAMESPACE) ?? '';
    const verb = VERBS.get(request.method ?? '');
    // A token that nobody has is refused before anything is said about the request.
    const access = token === undefined ? null : options.canRead(token, namespace, verb ?? 'create');
    if (access === null) {
      sendText(response, 401, 'Unauthorized\n');
      return;
    }
    if (namespace === '' || verb === undefined) {
      sendText(response, 400, 'Bad Request. The request or configuration is malformed.\n');
      return;
    }
    if (!access.isAllowed) {
      const text = `Forbidden (user=${access.user}, verb=${verb}, resource=pods, subresource=)\n`;
      sendText(response, 403, text);
      return;
    }
    withParameters(request, url, (parameters) => {
      parameters.delete(NAMESPACE);
      try {
        enforce(parameters, QUERY_PATH.test(url.pathname), namespace);
      } catch (failure) {
        const error = failure instanceof Error ? failure.message : String(failure);
        sendJson(response, 400, JSON.stringify({ status: 'error', errorType: 'prom-label-proxy', error }));
        return;
      }
      request.method = 'GET';
      request.url = `${url.pathname}?${parameters}`;
      handle(request, response);
    });
  };
}

function enforce(parameters: URLSearchParams, isQuery: boolean, namespace: string): void {
  if (isQuery) {
    const query = parameters.get('query');
    if (query !== null) parameters.set('query', injectMatcher(query, NAMESPACE, namespace));
    return;
  }
  const selectors = parameters.getAll('match[]');
  parameters.delete('match[]');
  if (selectors.length === 0) selectors.push('{}');
  for (const selector of selectors) {
    const isEverything = selector === '{}';
    parameters.append(
      'match[]',
      isEverything
        ? `{${NAMESPACE}=${JSON.stringify(namespace)}}`
        : injectMatcher(selector, NAMESPACE, namespace),
    );
  }
}

/** Those of the address and, of a POST, those of the form. */
function withParameters(
  request: IncomingMessage,
  url: URL,
  use: (parameters: URLSearchParams) => void,
): void {
  if (request.method !== 'POST') {
    use(url.searchParams);
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(parts).toString('utf8'));
    for (const [name, value] of url.searchParams) form.append(name, value);
    use(form);
  });
}
