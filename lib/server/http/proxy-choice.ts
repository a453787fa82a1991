import 'server-only';

/** Proxy settings as the environment spells them; undici does not read these by itself. */
export interface ProxySettings {
  /** `HTTPS_PROXY`, e.g. `http://proxy.example:3128`. */
  httpsProxy: string | null;
  /** `NO_PROXY`: host names, domain suffixes, `host:port`, IPv4 ranges as `10.0.0.0/8`, or `*`. */
  noProxy: string;
}

/** Loopback never leaves the machine, so it never takes a proxy (as in curl and Go). */
const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;

/** The proxy for a target, or `null` to connect directly. Only https targets take `HTTPS_PROXY`. */
export function proxyFor(url: URL, settings: ProxySettings): string | null {
  if (settings.httpsProxy === null || url.protocol !== 'https:') return null;
  const host = url.hostname
    .replace(/^\[(.+)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  if (LOOPBACK.test(host)) return null;
  const port = url.port === '' ? '443' : url.port;
  const entries = settings.noProxy.split(/[,\s]+/).filter((entry) => entry !== '');
  return entries.some((entry) => exempts(entry.toLowerCase(), host, port)) ? null : settings.httpsProxy;
}

function exempts(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInIpv4Range(host, entry);
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  const withPort = /^([^:]+):(\d+)$/.exec(entry);
  const name = bracketed?.[1] ?? withPort?.[1] ?? entry;
  const onlyPort = bracketed?.[2] ?? withPort?.[2];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (name.startsWith('*.')) return host.endsWith(name.slice(1));
  const domain = name.replace(/^\./, '').replace(/\.$/, '');
  return host === domain || host.endsWith(`.${domain}`);
}

function isInIpv4Range(host: string, range: string): boolean {
  const [base = '', bitsText = ''] = range.split('/');
  const bits = Number(bitsText);
  const address = toIpv4Number(host);
  const network = toIpv4Number(base);
  if (address === null || network === null || !Number.isInteger(bits) || bits < 0 || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(network / size);
}

function toIpv4Number(text: string): number | null {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return null;
  return parts.reduce((total, part) => total * 256 + part, 0);
}
