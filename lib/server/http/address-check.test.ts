import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { addressRefusal, checkedLookup } from './address-check';

test.each([
  ['127.0.0.1', 'a loopback address'],
  ['127.255.255.254', 'a loopback address'],
  ['::1', 'a loopback address'],
  ['::ffff:127.0.0.1', 'a loopback address'],
  ['64:ff9b::7f00:1', 'a loopback address'],
  ['0.0.0.0', 'an address of nobody'],
  ['::', 'an address of nobody'],
  ['169.254.169.254', 'a metadata address'],
  ['::ffff:a9fe:a9fe', 'a metadata address'],
  ['fd00:ec2::254', 'a metadata address'],
  ['168.63.129.16', 'a metadata address'],
  ['169.254.0.7', 'a link-local address'],
  ['fe80::1', 'a link-local address'],
  ['224.0.0.1', 'no address of a single machine'],
  ['255.255.255.255', 'no address of a single machine'],
  ['ff02::1', 'no address of a single machine'],
  ['172.30.0.1', 'the Kubernetes API'],
])('%s is %s and is never called', (address, what) => {
  const refusal = addressRefusal(address, ['172.30.0.1']);
  expect([refusal?.code, refusal?.message]).toEqual([
    'ERR_ADDRESS_REFUSED',
    `The endpoint’s host stands for ${address}, ${what}, where no model can be: nothing is sent there.`,
  ]);
});

test.each(['10.0.17.203', '172.30.0.2', '192.168.10.4', '52.14.9.1', '2600:1f16::1', 'fd01::2'])(
  '%s may be called',
  (address) => {
    expect(addressRefusal(address, ['172.30.0.1'])).toBeNull();
  },
);

describe('checkedLookup', () => {
  /** What a name stands for, one answer after the other. */
  function names(...answers: LookupAddress[][]): LookupFunction {
    return (_hostname, options, callback) => {
      const addresses = answers.shift() ?? [];
      if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    };
  }

  function ask(lookup: LookupFunction, all: boolean): Promise<unknown> {
    return new Promise((resolve) => {
      lookup('model.apps.example', { all }, (error, address) => resolve(error ?? address));
    });
  }

  const OUTSIDE: LookupAddress = { address: '10.0.17.203', family: 4 };
  const INSIDE: LookupAddress = { address: '127.0.0.1', family: 4 };

  it('hands on what may be called, in the form asked for', async () => {
    expect(await ask(checkedLookup([], names([OUTSIDE])), true)).toEqual([OUTSIDE]);
    expect(await ask(checkedLookup([], names([OUTSIDE])), false)).toBe('10.0.17.203');
  });

  it('refuses all addresses of a name when one of them is forbidden', async () => {
    for (const all of [true, false]) {
      const refusal = await ask(checkedLookup([], names([INSIDE, OUTSIDE])), all);
      expect(refusal).toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
    }
    expect(await ask(checkedLookup([], names([OUTSIDE, INSIDE])), true)).toMatchObject({
      code: 'ERR_ADDRESS_REFUSED',
    });
  });

  it('looks again for every connection: a name that changes is refused then', async () => {
    const lookup = checkedLookup([], names([OUTSIDE], [INSIDE]));
    expect(await ask(lookup, true)).toEqual([OUTSIDE]);
    expect(await ask(lookup, true)).toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
  });

  it('leaves a name that does not resolve to those who know what that means', async () => {
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    expect(
      await ask(
        checkedLookup([], (_name, _options, callback) => callback(gone, '')),
        true,
      ),
    ).toBe(gone);
  });
});
