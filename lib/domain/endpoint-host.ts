/**
 * Which discovered hosts the server may call. Routes, Gateways and Services name cluster ingress hosts and
 * in-cluster Services; loopback, link-local and metadata addresses are never a model endpoint
 * (platform-pitfalls A03, A04). What a name resolves to is looked at when connecting (lib/server/http/address-check).
 */

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  'localhost',
  'metadata',
  'metadata.google.internal',
  'instance-data',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]);

const FORBIDDEN_SUFFIXES = ['.localhost', '.localdomain', '.metadata.google.internal'];

/** Why a host must not be called, in plain words; `null` when it may. */
export function hostProblem(host: string): string | null {
  const address = parseIpv4(host);
  if (address !== null) return ipv4Problem(address);
  const labels = host.split('.');
  const isName = host.length <= 253 && labels.every((label) => LABEL.test(label));
  // A last label of digits only would be read as a number by the URL parser (octal, decimal forms).
  if (!isName || /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    return `"${printable(host)}" is not a host name`;
  }
  if (FORBIDDEN_NAMES.has(host) || FORBIDDEN_SUFFIXES.some((suffix) => host.endsWith(suffix))) {
    return `${host} is not an address of a model endpoint`;
  }
  return null;
}

/** RFC 1123 label, as namespaces and most object names are. */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label));
}

function parseIpv4(host: string): readonly number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return null;
  const parts = host.split('.');
  const canonical = parts.every((part) => Number(part) <= 255 && String(Number(part)) === part);
  return canonical ? parts.map(Number) : null;
}

function ipv4Problem(address: readonly number[]): string | null {
  const [first = 0, second = 0] = address;
  const text = address.join('.');
  if (first === 127 || first === 0) return `${text} is a loopback address`;
  if (first === 169 && second === 254) return `${text} is a link-local or metadata address`;
  if (first >= 224) return `${text} is not a unicast address`;
  if (text === '100.100.100.200' || text === '168.63.129.16') return `${text} is a metadata address`;
  return null;
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80);
}
