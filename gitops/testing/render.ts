import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

/** The folder of the manifests. */
export const GITOPS = dirname(dirname(fileURLToPath(import.meta.url)));

/** A Kubernetes object as it stands in a manifest. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** Whether there is a kubectl that can build kustomizations; tests that need one say so when they skip. */
export const hasKubectl: boolean =
  spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

/** Every folder below that holds a kustomization, relative to `gitops/`. */
export function kustomizationFolders(below = '.'): string[] {
  return (
    readdirSync(join(GITOPS, below), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.name === 'kustomization.yaml')
      .map((entry) => relative(GITOPS, entry.parentPath))
      // Overlays that another test makes while this one looks.
      .filter((folder) => !folder.startsWith('.render-'))
      .sort()
  );
}

/** Components are no kustomizations of their own: they are built into one. */
export function isComponent(folder: string): boolean {
  return folder.split('/').includes('components');
}

function parse(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

function kustomize(folder: string): string {
  const result = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`kubectl kustomize ${folder}: ${result.stderr}`);
  return result.stdout;
}

/** The objects of a base or overlay, as `kubectl kustomize` builds them. */
export function render(folder: string): Manifest[] {
  return parse(kustomize(join(GITOPS, folder)));
}

/** The objects of one kind. */
export function ofKind(manifests: readonly Manifest[], kind: string): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

/** The one object of a kind (and name, where there are several); throws when there is none or more. */
export function onlyOne(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = ofKind(manifests, kind).filter(
    ({ metadata }) => name === undefined || metadata.name === name,
  );
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`expected one ${kind} ${name ?? ''}, found ${found.length}`);
  }
  return first;
}

/** The value below a path of keys and indexes; undefined where the path ends early. */
export function valueAt(value: unknown, ...path: (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}
