import { describe, expect, it } from 'vitest';
import { HttpProblem } from '@/lib/server/http/problem';
import { guardAction } from './guard-action';

interface Situation {
  allowed?: boolean;
  hostname?: string;
  token?: string | null;
  sent?: string;
}

function refusal({ allowed = true, hostname = '0.0.0.0', token = 'secret', sent }: Situation): string | null {
  try {
    guardAction('delete-pod', new Headers(sent === undefined ? {} : { authorization: sent }), {
      rights: { allowedActions: allowed ? ['delete-pod'] : [], controlToken: token, publicHosts: [] },
      server: { port: 3000, hostname, logLevel: 'info' },
    });
    return null;
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 403) return error.code;
    throw error;
  }
}

describe('guardAction', () => {
  it('refuses what the configuration does not name, token or not', () => {
    expect(refusal({ allowed: false, sent: 'Bearer secret' })).toBe('action-not-allowed');
    expect(refusal({ allowed: false, hostname: '127.0.0.1' })).toBe('action-not-allowed');
  });

  it('needs no token on loopback', () => {
    expect(refusal({ hostname: '127.0.0.1', token: null })).toBeNull();
  });

  it('needs the right token beyond loopback', () => {
    expect(refusal({ sent: 'Bearer secret' })).toBeNull();
    expect(refusal({})).toBe('wrong-control-token');
    expect(refusal({ sent: 'Bearer secre' })).toBe('wrong-control-token');
    expect(refusal({ sent: 'secret' })).toBe('wrong-control-token');
    expect(refusal({ token: null, sent: 'Bearer ' })).toBe('no-control-token');
  });
});
