/**
 * `npm run sbom`: what the container ships, as CycloneDX JSON on stdout. It lists the packages of package-lock.json
 * that are not for development only; the same lock gives the same text, so that two builds can be compared.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** One entry of `packages` in package-lock.json, version 3 of the format. */
interface LockedPackage {
  version: string;
  name?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  /** Wanted by our development, or by a package that can do without: not shipped. */
  devOptional?: boolean;
  optional?: boolean;
}

interface Component {
  type: 'library';
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  /** Packages of other platforms are locked too; only one of them is installed. */
  scope: 'required' | 'optional';
  hashes: { alg: string; content: string }[];
  licenses: ({ expression: string } | { license: { name: string } })[];
}

export interface Bom {
  $schema: string;
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  serialNumber: string;
  version: 1;
  metadata: { component: { type: 'application'; 'bom-ref': string; name: string; version: string } };
  components: Component[];
}

/** A UUID that follows from the lock file (RFC 9562, version 8). */
function serialNumberOf(lock: string): string {
  const hash = createHash('sha256').update(lock).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return `urn:uuid:${parts.join('-')}-${hash.slice(20, 32)}`;
}

/** `sha512-<base64>` as a lock has it, in the form of CycloneDX. */
function toHashes(integrity: string | undefined): Component['hashes'] {
  const match = /^sha(\d+)-(.+)$/.exec(integrity ?? '');
  if (match?.[2] === undefined) return [];
  return [{ alg: `SHA-${match[1]}`, content: Buffer.from(match[2], 'base64').toString('hex') }];
}

function toLicenses(license: string | undefined): Component['licenses'] {
  if (license === undefined) return [];
  return /^SEE LICENSE/.test(license) ? [{ license: { name: license } }] : [{ expression: license }];
}

function toComponent(path: string, locked: LockedPackage): Component {
  const name = locked.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${locked.version}`;
  return {
    type: 'library',
    'bom-ref': `${path}@${locked.version}`,
    name,
    version: locked.version,
    purl,
    scope: locked.optional === true ? 'optional' : 'required',
    hashes: toHashes(locked.integrity),
    licenses: toLicenses(locked.license),
  };
}

/** The bill of materials of a lock file's text. */
export function makeSbom(lockText: string): Bom {
  const lock = JSON.parse(lockText) as {
    name: string;
    version: string;
    packages: Record<string, LockedPackage>;
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumberOf(lockText),
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': lock.name, name: lock.name, version: lock.version },
    },
    components: Object.entries(lock.packages)
      .filter(([path, locked]) => path !== '' && locked.dev !== true && locked.devOptional !== true)
      .map(([path, locked]) => toComponent(path, locked)),
  };
}

if (import.meta.main) {
  const bom = makeSbom(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
}
