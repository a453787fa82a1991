import { describe, expect, it } from 'vitest';
import { sessionOf } from './session';

const URL_OF_CHAT = 'http://127.0.0.1/api/chat';

function asked(headers: Record<string, string>, url = URL_OF_CHAT): string {
  return sessionOf(new Request(url, { headers }));
}

describe('session of a request', () => {
  it('is the page that says its id, in the header or, for event streams, in the address', () => {
    expect(asked({ 'x-page-id': 'a1b2c3d4e5' })).toBe('page a1b2c3d4e5');
    expect(asked({}, 'http://127.0.0.1/api/events?page=a1b2c3d4e5')).toBe('page a1b2c3d4e5');
  });

  it('tells pages of the same address and browser apart', () => {
    const same = { 'x-forwarded-for': '10.0.0.1', 'user-agent': 'Browser' };
    expect(asked({ ...same, 'x-page-id': 'page-0001' })).not.toBe(
      asked({ ...same, 'x-page-id': 'page-0002' }),
    );
  });

  it.each(['', 'short', 'x'.repeat(65), '../../../../etc', 'a b c d e f g h', '<script>alert(1)'])(
    'takes no %j for an id, and shares one session among all who look alike',
    (id) => {
      const from = { 'x-forwarded-for': '10.0.0.1', 'user-agent': 'curl/8' };
      expect(asked({ ...from, 'x-page-id': id })).toBe(asked(from));
      expect(asked(from)).not.toBe(asked({ ...from, 'x-forwarded-for': '10.0.0.2' }));
    },
  );

  it('keeps nothing readable of who asked', () => {
    const session = asked({ 'x-forwarded-for': '10.11.12.13', 'user-agent': 'Canary', cookie: 'canary' });
    expect(session).toMatch(/^from [\w-]{43}$/);
  });
});
