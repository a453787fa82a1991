import { describe, expect, it } from 'vitest';
import { toSafeLink } from './safe-link';

describe('links of a model', () => {
  it.each([
    ['https://docs.example.com/a?b=c', { href: 'https://docs.example.com/a?b=c', host: 'docs.example.com' }],
    ['http://10.0.0.1:8080', { href: 'http://10.0.0.1:8080/', host: '10.0.0.1:8080' }],
    // Cyrillic а: the host shows what it is.
    ['https://\u0430pple.com', { href: 'https://xn--pple-43d.com/', host: 'xn--pple-43d.com' }],
  ])('%s may be followed, its host seen', (address, link) => {
    expect(toSafeLink(address)).toEqual(link);
  });

  it.each([
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'mailto:a@example.com',
    '/api/actions/delete-pod',
    '#fragment',
    '//evil.example',
    'https://bank.example@evil.example/',
    `https://evil.example/?q=${'x'.repeat(3_000)}`,
    '',
  ])('%s stays text', (address) => {
    expect(toSafeLink(address)).toBeNull();
  });
});
