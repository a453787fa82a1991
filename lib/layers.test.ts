import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * The arrows of docs/decisions/0001: who may import whom. The rule reads static and dynamic imports of our own
 * files; it does not see what a path computed at run time would load (there is none).
 */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Layer {
  /** Longest matching prefix decides a file's layer. */
  prefix: string;
  mayImport: readonly string[];
  packages: RegExp;
}

const REACT = /^(?:react|react-dom|next)(?:\/|$)/;
const NONE = /^(?!)/;
const ANY = /^/;

const LAYERS: readonly Layer[] = [
  { prefix: 'lib/domain', mayImport: ['lib/domain'], packages: NONE },
  { prefix: 'lib/contracts', mayImport: ['lib/contracts', 'lib/domain'], packages: /^zod$/ },
  { prefix: 'lib/format', mayImport: ['lib/format', 'lib/domain'], packages: NONE },
  {
    prefix: 'lib/client',
    mayImport: ['lib/client', 'lib/contracts', 'lib/domain', 'lib/format'],
    packages: /^(?:react|swr|rfc6902|eventsource-parser|next\/navigation)(?:\/|$)/,
  },
  {
    prefix: 'lib/server',
    mayImport: ['lib/server', 'lib/contracts', 'lib/domain', 'lib/format', 'server/process-slot'],
    packages: ANY,
  },
  {
    prefix: 'components/ui',
    mayImport: ['components/ui', 'lib/client', 'lib/contracts', 'lib/domain', 'lib/format'],
    packages: ANY,
  },
  ...['charts', 'shell', 'checklist', 'placement', 'chat', 'compare'].map((folder) => ({
    prefix: `components/${folder}`,
    mayImport: [
      `components/${folder}`,
      'components/ui',
      'components/charts',
      'lib/client',
      'lib/contracts',
      'lib/domain',
      'lib/format',
    ],
    packages: ANY,
  })),
  { prefix: 'app/api', mayImport: ['app/api', 'lib/server', 'lib/contracts', 'lib/domain'], packages: REACT },
  {
    prefix: 'app',
    mayImport: ['app', 'components', 'lib/client', 'lib/contracts', 'lib/domain', 'lib/format'],
    packages: /^(?:react|react-dom|next|@fontsource-variable)(?:\/|$)/,
  },
  { prefix: 'server', mayImport: ['server'], packages: /^(?:next|node:.*)$/ },
  { prefix: 'lab', mayImport: ['lab'], packages: ANY },
];

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesBelow(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function layerOf(path: string): Layer | undefined {
  return LAYERS.filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)).sort(
    (a, b) => b.prefix.length - a.prefix.length,
  )[0];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

function importsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...text.matchAll(IMPORT)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
}

/** The repository path of an import of our own, or `null` for a package. */
function targetOf(path: string, specifier: string): string | null {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  if (specifier.startsWith('.')) return relative(ROOT, join(ROOT, dirname(path), specifier));
  return null;
}

const FILES = ['app', 'components', 'lib', 'server', 'lab'].flatMap(sourcesBelow);
const PRODUCT_FILES = FILES.filter((path) => !/\.test\.tsx?$|\/testing\//.test(path));

function violations(path: string): string[] {
  const layer = layerOf(path);
  if (layer === undefined) return path.startsWith('lib/') ? [] : [`${path} belongs to no layer`];
  return importsOf(path).flatMap((specifier) => {
    if (/\.css$|^@fontsource/.test(specifier)) return [];
    const target = targetOf(path, specifier);
    if (target === null) {
      return layer.packages.test(specifier) ? [] : [`${path} imports the package ${specifier}`];
    }
    const isAllowed = layer.mayImport.some((prefix) => target === prefix || target.startsWith(`${prefix}/`));
    return isAllowed ? [] : [`${path} imports ${target}`];
  });
}

describe('layers', () => {
  it('sees the imports it judges', () => {
    expect(importsOf('lib/contracts/status.ts')).toContain('@/lib/domain/vocabulary');
    expect(violations('lib/layers.test.ts')).toEqual([]);
    expect(FILES.length).toBeGreaterThan(50);
  });

  it('keeps every arrow pointing one way', () => {
    expect(PRODUCT_FILES.flatMap(violations)).toEqual([]);
  });

  it('fences every server module against the browser with its first line', () => {
    const unfenced = PRODUCT_FILES.filter(
      (path) =>
        path.startsWith('lib/server/') &&
        !path.endsWith('server-only-stub.ts') &&
        !readFileSync(join(ROOT, path), 'utf8').startsWith("import 'server-only';"),
    );
    expect(unfenced).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = PRODUCT_FILES.filter(
      (path) =>
        /^(?:app|components|lib)\//.test(path) &&
        /\bprocess\.env\b/.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    // build-id.ts and own-address.ts read constants that the build writes into the bundle.
    expect(readers).toEqual(['lib/client/own-address.ts', 'lib/server/build-id.ts', 'lib/server/config.ts']);
  });

  it('invents no number: no Math.random in the product', () => {
    const inventors = PRODUCT_FILES.filter(
      (path) =>
        /^(?:app|components|lib)\//.test(path) &&
        /Math\.random\(/.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    expect(inventors).toEqual([]);
  });
});
