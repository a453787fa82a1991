import { describe, expect, it } from 'vitest';
import { HttpProblem } from '@/lib/server/http/problem';
import { guardAction } from './guard-action';

interface Situation {
  allowed?: boolean;
  hostname?: string;
  token?: string | null;
  publicHosts?: string[];
  sent?: string;
}

function refusal({
  allowed = true,
  hostname = '0.0.0.0',
  token = 'secret',
  publicHosts = [],
  sent,
}: Situation): string | null {
  try {
    guardAction('delete-pod', new Headers(sent === undefined ? {} : { authorization: sent }), {
      rights: { allowedActions: allowed ? ['delete-pod'] : [], controlToken: token, publicHosts },
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

  it('needs the right token on loopback too, where one is configured or a proxy beside it passes a public name on', () => {
    const behindProxy = { hostname: '127.0.0.1', publicHosts: ['demo.example.com'] };
    expect(refusal(behindProxy)).toBe('wrong-control-token');
    expect(refusal({ ...behindProxy, sent: 'Bearer secret' })).toBeNull();
    expect(refusal({ ...behindProxy, token: null })).toBe('no-control-token');
    expect(refusal({ hostname: '127.0.0.1' })).toBe('wrong-control-token');
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
