import { invalid } from './invalid.ts';
import type { Kind } from './kinds.ts';
import type { KubernetesObject } from './object.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { badRequest } from './status.ts';

/** The query of a list or watch, checked as the API server checks it. */
export interface ListOptions {
  matches(object: KubernetesObject): boolean;
  hasSelector: boolean;
  limit: number;
  continueToken: string | null;
  resourceVersion: string | null;
  resourceVersionMatch: 'Exact' | 'NotOlderThan' | null;
  watch: boolean;
  allowWatchBookmarks: boolean;
  timeoutSeconds: number | null;
}

function integerParameter(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  const value = Number(text);
  if (!Number.isInteger(value)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return value;
}

function isTrue(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === 'true' || value === '1';
}

function forbid(field: string, message: string): never {
  throw invalid('ListOptions', 'meta.k8s.io', '', [
    { reason: 'Forbidden', field, message: `Forbidden: ${message}` },
  ]);
}

export function parseListOptions(kind: Kind, query: URLSearchParams): ListOptions {
  const labelSelector = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  const labels = parseLabelSelector(labelSelector);
  const fields = parseFieldSelector(kind, fieldSelector);
  const watch = isTrue(query, 'watch');
  const resourceVersion = query.get('resourceVersion') || null;
  const continueToken = query.get('continue') || null;
  const match = query.get('resourceVersionMatch') || null;

  if (query.has('sendInitialEvents')) {
    forbid(
      'sendInitialEvents',
      watch
        ? 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'
        : 'sendInitialEvents is forbidden for list',
    );
  }
  if (match !== null) {
    if (watch) forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch');
    if (resourceVersion === null) {
      forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    }
    if (continueToken !== null) {
      forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      throw invalid('ListOptions', 'meta.k8s.io', '', [
        {
          reason: 'NotSupported',
          field: 'resourceVersionMatch',
          message: `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
        },
      ]);
    }
    if (match === 'Exact' && resourceVersion === '0') {
      forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (resourceVersion !== null && !/^\d+$/.test(resourceVersion)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`,
    );
  }
  return {
    matches: (object) => labels(object) && fields(object),
    hasSelector: labelSelector !== '' || fieldSelector !== '',
    limit: integerParameter(query, 'limit') ?? 0,
    continueToken,
    resourceVersion,
    resourceVersionMatch: match,
    watch,
    allowWatchBookmarks: isTrue(query, 'allowWatchBookmarks'),
    timeoutSeconds: integerParameter(query, 'timeoutSeconds'),
  };
}
