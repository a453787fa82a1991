/** What every authenticated user may read: version, health, discovery, schemas. */
import { discover } from './discovery.ts';
import { type Exchange, sendJson, sendText } from './exchange.ts';
import { wantsAggregatedDiscovery } from './negotiation.ts';
import { answerOpenApi } from './openapi.ts';
import { OPENAPI_V2_PROTOBUF, openApiV2, openApiV2Protobuf } from './openapi-v2.ts';

/** What `kubectl version` shows; the build suffix says what this is. */
const VERSION = {
  major: '1',
  minor: '33',
  emulationMajor: '1',
  emulationMinor: '33',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '32',
  gitVersion: 'v1.33.5+lab',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2025-11-27T06:12:40Z',
  goVersion: 'go1.24.6',
  compiler: 'gc',
  platform: 'linux/amd64',
};

function serveHealth({ response, url }: Exchange): void {
  const probe = url.pathname.split('/')[1];
  const isVerbose = url.searchParams.has('verbose');
  sendText(response, 200, isVerbose ? `[+]ping ok\n[+]log ok\n[+]etcd ok\n${probe} check passed\n` : 'ok');
}

function serveOpenApiV2({ context, request, response }: Exchange): boolean {
  response.setHeader('Vary', 'Accept');
  if ((request.headers.accept ?? '').includes('proto-openapi.spec.v2')) {
    response.writeHead(200, { 'Content-Type': OPENAPI_V2_PROTOBUF });
    response.end(openApiV2Protobuf(context.registry));
  } else sendJson(response, 200, openApiV2(context.registry));
  return true;
}

function serveOpenApi({ context, response, url }: Exchange): boolean {
  const answer = answerOpenApi(context.registry, url.pathname, url.searchParams.get('hash'));
  if (answer === null) return false;
  if (answer.type === 'redirect') {
    response.writeHead(301, { Location: answer.location });
    response.end();
  } else {
    if (answer.isCacheable) response.setHeader('Cache-Control', 'public, immutable');
    // The index comes as plain text, the documents as what they are.
    sendJson(response, 200, answer.body, answer.isIndex ? 'text/plain; charset=utf-8' : 'application/json');
  }
  return true;
}

function serveDiscovery({ context, request, response, url }: Exchange): boolean {
  const { registry, computed } = context;
  const answer = discover(registry, url.pathname, wantsAggregatedDiscovery(request), computed);
  if (answer === null) return false;
  response.setHeader('Vary', 'Accept');
  if (answer.etag !== null) response.setHeader('ETag', answer.etag);
  if (answer.etag !== null && request.headers['if-none-match'] === answer.etag) {
    response.writeHead(304);
    response.end();
  } else sendJson(response, 200, answer.body, answer.contentType);
  return true;
}

/** False where nothing is served at the path. */
export function serveOpenPath(exchange: Exchange): boolean {
  const { pathname } = exchange.url;
  if (/^\/version\/?$/.test(pathname)) {
    sendJson(exchange.response, 200, VERSION);
    return true;
  }
  if (/^\/(healthz|livez|readyz)/.test(pathname)) {
    serveHealth(exchange);
    return true;
  }
  if (pathname === '/openapi/v2') return serveOpenApiV2(exchange);
  return pathname.startsWith('/openapi') ? serveOpenApi(exchange) : serveDiscovery(exchange);
}
