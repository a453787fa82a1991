/** Where a link of a model's answer leads, as a reader must see it before pressing it. */
export interface SafeLink {
  href: string;
  /** In its ASCII form: look-alike letters of other alphabets show as `xn--…`. */
  host: string;
}

/** Longer addresses carry data out rather than a reader along (platform-pitfalls A22). */
const MAX_CHARACTERS = 2_000;

/** The link, or `null` for whatever is not plain http(s): scripts, data, files, relative addresses, hidden credentials. */
export function toSafeLink(address: string): SafeLink | null {
  if (address.length > MAX_CHARACTERS || !URL.canParse(address)) return null;
  const { protocol, host, href, username, password } = new URL(address);
  const isPlain = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  return isPlain ? { href, host } : null;
}
