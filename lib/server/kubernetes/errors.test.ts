import { describe, expect, it } from 'vitest';
import { type ProblemKind, type RefusedAnswer, toConnectionError, toRefusal } from './errors';

function refuse(httpStatus: number, changes: Partial<RefusedAnswer> = {}) {
  const { kind, message, retryAfterMs } = toRefusal({
    httpStatus,
    contentType: 'application/json',
    retryAfter: null,
    status: { kind: 'Status' },
    ...changes,
  });
  return { kind, message, retryAfterMs };
}

describe('toRefusal', () => {
  it.each<[number, Partial<RefusedAnswer>, ProblemKind]>([
    [401, {}, 'unauthenticated'],
    [403, {}, 'forbidden'],
    [404, {}, 'not-found'],
    [404, { status: null, contentType: 'text/plain; charset=utf-8' }, 'not-installed'],
    [404, { status: null, contentType: 'text/html' }, 'unreadable'],
    [410, {}, 'expired'],
    [429, {}, 'throttled'],
    [500, {}, 'unavailable'],
    [504, {}, 'unavailable'],
    [
      504,
      { status: { kind: 'Status', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } } },
      'version-too-large',
    ],
    [302, { status: null }, 'redirect'],
    [400, {}, 'unexpected'],
    [422, {}, 'unexpected'],
  ])('%i %j is %s', (httpStatus, changes, kind) => {
    expect(refuse(httpStatus, changes).kind).toBe(kind);
  });

  it('takes the pause from the header, or else from the Status', () => {
    const status = { kind: 'Status', details: { retryAfterSeconds: 3 } } as const;
    expect(refuse(429, { retryAfter: '5', status }).retryAfterMs).toBe(5_000);
    expect(refuse(429, { status })).toEqual({
      kind: 'throttled',
      message: 'The API server is limiting requests; next try in 3 s.',
      retryAfterMs: 3_000,
    });
    expect(refuse(503, { retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' }).retryAfterMs).toBeNull();
  });
});

describe('toConnectionError', () => {
  const withCode = (code: string, cause?: unknown): Error =>
    Object.assign(new Error('raw canary', { cause }), { code });

  it.each<[string, unknown, ProblemKind, string]>([
    ['a refusal', withCode('ECONNREFUSED'), 'connection', 'The API server refuses the connection.'],
    ['a cut', withCode('ECONNRESET'), 'connection', 'The connection to the API server broke.'],
    ['an unknown name', withCode('ENOTFOUND'), 'name-not-found', "The API server's name is not found."],
    [
      'a silent name service',
      withCode('EAI_AGAIN'),
      'name-not-found',
      'The name service does not answer for the API server.',
    ],
    ['no answer', withCode('UND_ERR_CONNECT_TIMEOUT'), 'timeout', 'The API server does not answer.'],
    ['no way', withCode('EHOSTUNREACH'), 'connection', 'There is no way to the API server.'],
    [
      'an unknown authority',
      withCode('SELF_SIGNED_CERT_IN_CHAIN'),
      'certificate',
      "The API server's certificate is not trusted: it was issued by an authority that is not trusted.",
    ],
    [
      'another name',
      withCode('ERR_TLS_CERT_ALTNAME_INVALID'),
      'certificate',
      "The API server's certificate is not trusted: it is for another name.",
    ],
    [
      'an expired certificate',
      withCode('CERT_HAS_EXPIRED'),
      'certificate',
      "The API server's certificate is not trusted: it has expired.",
    ],
    [
      'a wrapped refusal',
      withCode('UND_ERR_SOCKET', withCode('ECONNREFUSED')),
      'connection',
      'The API server refuses the connection.',
    ],
    [
      'several addresses',
      new AggregateError([withCode('ENETUNREACH')]),
      'connection',
      'There is no way to the API server.',
    ],
    ['anything else', 'text', 'connection', 'The connection to the API server broke.'],
  ])('says what %s means', (_case, error, kind, message) => {
    const problem = toConnectionError(error);
    expect([problem.kind, problem.message]).toEqual([kind, message]);
  });
});
