import { describe, expect, it } from 'vitest';
import { isAllowedHost } from './allowed-host';

describe('isAllowedHost', () => {
  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '[::1]:3000'])(
    'answers for loopback: %s',
    (host) => {
      expect(isAllowedHost(host, [])).toBe(true);
    },
  );

  it('answers for a configured public host, whatever its case and port', () => {
    expect(isAllowedHost('Demo.Apps.Example.com:443', ['demo.apps.example.com'])).toBe(true);
  });

  it('holds a public host with a port to that port', () => {
    expect(isAllowedHost('demo.example.com:8443', ['demo.example.com:8443'])).toBe(true);
    expect(isAllowedHost('demo.example.com:9443', ['demo.example.com:8443'])).toBe(false);
  });

  it.each([
    'evil.test',
    'localhost.evil.test',
    '127.0.0.1.nip.io',
    'localhost@evil.test',
    'localhost:3000/evil',
    '127.0.0.2',
    '',
    ' localhost',
    'localhost ',
    null,
    undefined,
  ])('refuses %j', (host) => {
    expect(isAllowedHost(host, ['demo.apps.example.com'])).toBe(false);
  });
});
