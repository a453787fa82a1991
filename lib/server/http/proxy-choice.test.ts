import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy-choice';

const PROXY = 'http://proxy.example:3128';

function choose(url: string, noProxy: string): string | null {
  return proxyFor(new URL(url), { httpsProxy: PROXY, noProxy });
}

describe('proxyFor', () => {
  it.each([
    ['a host that is not exempt', 'https://model.apps.example/', '.svc,other.example', PROXY],
    ['an exact host', 'https://model.apps.example/', 'model.apps.example', null],
    ['a host under a domain', 'https://a.b.svc/', 'svc', null],
    ['a host under a domain with a leading dot', 'https://a.b.svc/', '.svc', null],
    ['a name that merely ends alike', 'https://notsvc/', 'svc', PROXY],
    ['a wildcard, which spares sub-domains', 'https://a.example/', '*.example', null],
    ['a wildcard, which does not spare its own domain', 'https://example/', '*.example', PROXY],
    ['everything exempt', 'https://a.example/', 'x, *', null],
    ['an exempt port', 'https://a.example:6443/', 'a.example:6443', null],
    ['another port of the same host', 'https://a.example/', 'a.example:6443', PROXY],
    ['an address inside a range', 'https://172.30.0.1:443/', '172.30.0.0/16', null],
    ['an address outside a range', 'https://172.31.0.1:443/', '172.30.0.0/16', PROXY],
    ['an IPv6 address with its port', 'https://[fd00::1]:6443/', '[fd00::1]:6443', null],
    ['capitals and a trailing dot', 'https://Model.Apps.Example./', 'MODEL.apps.example', null],
    ['loopback, always', 'https://127.0.0.1:8443/', '', null],
    ['localhost, always', 'https://localhost/', '', null],
    ['plain http, which HTTPS_PROXY does not cover', 'http://model.apps.example/', '', null],
  ])('decides for %s', (_case, url, noProxy, expected) => {
    expect(choose(url, noProxy)).toBe(expected);
  });

  it('connects directly when no proxy is configured', () => {
    expect(proxyFor(new URL('https://a.example/'), { httpsProxy: null, noProxy: '' })).toBeNull();
  });
});
