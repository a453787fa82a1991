import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../kubernetes-api/object.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures');

/** Secrets are kept as metadata only: their contents are nobody's business, and the lab serves none. */
function withoutContents(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'PartialObjectMetadata') return object;
  return { apiVersion: 'v1', kind: 'Secret', metadata: object.metadata, type: 'kubernetes.io/tls' };
}

/** The objects of a scene's folder, lists taken apart. */
export function readFixtures(scene: string): KubernetesObject[] {
  const folder = join(FOLDER, scene);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file): KubernetesObject[] => {
      const object = JSON.parse(readFileSync(join(folder, file), 'utf8')) as KubernetesObject;
      return Array.isArray(object.items) ? object.items : [object];
    })
    .map(withoutContents);
}
