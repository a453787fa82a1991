/** Pure changes of a scene: objects in, objects out. */
import type { KubernetesObject } from '../kubernetes-api/object.ts';

export type Scene = readonly KubernetesObject[];

export function identityOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join('|');
}

function ownedBy(object: KubernetesObject, uids: ReadonlySet<string>): boolean {
  return object.metadata.ownerReferences?.some(({ uid }) => uids.has(uid)) === true;
}

/** Takes objects away, and with them all that they own. */
export function without(scene: Scene, isGone: (object: KubernetesObject) => boolean): Scene {
  const gone = new Set(scene.filter(isGone).map(({ metadata }) => metadata.uid ?? ''));
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    for (const object of scene) if (ownedBy(object, gone)) gone.add(object.metadata.uid ?? '');
  }
  return scene.filter((object) => !isGone(object) && !gone.has(object.metadata.uid ?? ''));
}

/** Adds objects; one of the same kind and name is replaced. */
export function withObjects(scene: Scene, objects: readonly KubernetesObject[]): Scene {
  const replaced = new Set(objects.map(identityOf));
  return [...scene.filter((object) => !replaced.has(identityOf(object))), ...objects];
}

/** Changes copies of the objects of a kind with this name; the scene must have one. */
export function withChange<T extends KubernetesObject>(
  scene: Scene,
  kind: string,
  name: string,
  change: (draft: T) => void,
): Scene {
  const isMeant = (object: KubernetesObject): boolean =>
    object.kind === kind && object.metadata.name === name;
  if (!scene.some(isMeant)) throw new Error(`the scene has no ${kind} ${name}`);
  return scene.map((object) => {
    if (!isMeant(object)) return object;
    // The caller names the type that the kind has.
    const draft = structuredClone(object) as T;
    change(draft);
    return draft;
  });
}
