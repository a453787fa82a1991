import 'server-only';
import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Ranges in which no model endpoint can be, with the words for them (RFC 6890, and what clouds keep for themselves). */
const RANGES: readonly (readonly [what: string, ranges: readonly string[]])[] = [
  ['a loopback address', ['127.0.0.0/8', '::1/128', '64:ff9b::7f00:0/104']],
  ['an address of nobody', ['0.0.0.0/8', '::/128']],
  [
    'a metadata address',
    ['169.254.169.254/32', '100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128'],
  ],
  ['a link-local address', ['169.254.0.0/16', 'fe80::/10', '64:ff9b::a9fe:0/112']],
  ['no address of a single machine', ['224.0.0.0/4', '240.0.0.0/4', 'ff00::/8']],
];

const BLOCKS = RANGES.map(([what, ranges]) => {
  const block = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    block.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return { what, block };
});

/** A connection was not made, because of the address that its host name stands for. */
export class AddressRefused extends Error {
  readonly code = 'ERR_ADDRESS_REFUSED';

  constructor(address: string, what: string) {
    super(
      `The endpoint’s host stands for ${address}, ${what}, where no model can be: nothing is sent there.`,
    );
    this.name = 'AddressRefused';
  }
}

export function isAddressRefused(error: unknown): error is AddressRefused {
  return error instanceof Error && 'code' in error && error.code === 'ERR_ADDRESS_REFUSED';
}

/** What forbids calling an address that an object of the cluster led to; `null` when nothing does. */
export function addressRefusal(address: string, neverCalled: readonly string[]): AddressRefused | null {
  const family = isIP(address);
  if (family === 0) return new AddressRefused('something else', 'which is no address');
  if (neverCalled.includes(address)) return new AddressRefused(address, 'the Kubernetes API');
  // An IPv4 address inside an IPv6 one (::ffff:127.0.0.1) is found by the IPv4 rules.
  const found = BLOCKS.find(({ block }) => block.check(address, family === 6 ? 'ipv6' : 'ipv4'));
  return found === undefined ? null : new AddressRefused(address, found.what);
}

/**
 * Resolves a name for one connection and looks at what came out: the connection goes to these addresses and no others, so
 * a name that changes between check and use gains nothing (platform-pitfalls A03). One forbidden address refuses them all.
 */
export function checkedLookup(
  neverCalled: readonly string[],
  lookup: LookupFunction = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address];
      const refusal = error === null ? addresses.map((one) => addressRefusal(one, neverCalled)) : [];
      const first = refusal.find((one) => one !== null) ?? null;
      if (first === null) callback(error, address, family);
      else callback(first, Array.isArray(address) ? [] : '', family);
    });
  };
}
