import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { GITOPS, type Manifest, render } from './render';

/** A base or overlay with components added, as somebody's own overlay would have them. */
export function renderWith(base: string, components: readonly string[]): Manifest[] {
  // Kustomize refuses absolute paths, so the overlay lies beside what it names for as long as this takes.
  const folder = mkdtempSync(join(GITOPS, '.render-'));
  try {
    writeFileSync(
      join(folder, 'kustomization.yaml'),
      JSON.stringify({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        resources: [relative(folder, join(GITOPS, base))],
        components: components.map((component) => relative(folder, join(GITOPS, component))),
      }),
    );
    return render(relative(GITOPS, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
