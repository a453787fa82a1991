/** What requests say about a write: where it goes, how it deletes. */

import type { DeleteOptions } from './delete.ts';
import { type Exchange, fieldManagerOf, isDryRun, parseBody, readBody } from './exchange.ts';
import { invalidOptions } from './invalid.ts';
import type { Kind } from './kinds.ts';
import { isRecord } from './object.ts';
import type { ResourcePath } from './resource-path.ts';
import type { WriteTarget } from './write.ts';

export function writeTarget(exchange: Exchange, kind: Kind, path: ResourcePath): WriteTarget {
  return {
    kind,
    version: path.version,
    namespace: path.namespace,
    subresource: path.subresource === 'status' ? 'status' : undefined,
    fieldManager: fieldManagerOf(exchange),
    dryRun: isDryRun(exchange),
    user: exchange.user,
    admission: { fieldValidation: fieldValidationOf(exchange), warn: (text) => addWarning(exchange, text) },
  };
}

/** The API server's default is to warn; kubectl asks for Strict. */
function fieldValidationOf({ url }: Exchange): 'Ignore' | 'Warn' | 'Strict' {
  const value = url.searchParams.get('fieldValidation');
  return value === 'Ignore' || value === 'Strict' ? value : 'Warn';
}

function addWarning({ response }: Exchange, text: string): void {
  response.appendHeader('Warning', `299 - "${text.replaceAll('"', '\\"')}"`);
}

function propagationOf(given: unknown): DeleteOptions['propagationPolicy'] {
  if (given === undefined || given === null) return 'Background';
  if (given === 'Orphan' || given === 'Foreground' || given === 'Background') return given;
  throw invalidOptions('DeleteOptions', {
    reason: 'NotSupported',
    field: 'propagationPolicy',
    message: `Unsupported value: ${JSON.stringify(given)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
  });
}

/** DeleteOptions, from the body or from query parameters. */
export async function readDeleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const { request, url } = exchange;
  const bytes = await readBody(request);
  const body = bytes.length === 0 ? {} : parseBody(bytes, request.headers['content-type'] ?? '');
  const given = isRecord(body) ? (isRecord(body.deleteOptions) ? body.deleteOptions : body) : {};
  const grace = given.gracePeriodSeconds ?? url.searchParams.get('gracePeriodSeconds');
  const propagation = given.propagationPolicy ?? url.searchParams.get('propagationPolicy');
  return {
    gracePeriodSeconds: grace === null || grace === undefined ? null : Number(grace),
    propagationPolicy: propagationOf(propagation),
    preconditions: isRecord(given.preconditions) ? given.preconditions : {},
    dryRun: isDryRun(exchange) || (Array.isArray(given.dryRun) && given.dryRun.includes('All')),
  };
}
