/** Turns the cluster into another scene while it runs: what differs changes, the rest is not touched. */
import { kindOfObject } from '../kubernetes-api/catalogue.ts';
import { type Kind, keyOf } from '../kubernetes-api/kinds.ts';
import { isEqualJson, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { Registry } from '../kubernetes-api/registry.ts';
import type { ObjectStore } from '../kubernetes-api/store.ts';
import { SCENE_MS, shiftTimes } from './shift-times.ts';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

interface Placed {
  kind: Kind;
  object: KubernetesObject;
}

function placeOf(kind: string, { metadata }: KubernetesObject): string {
  return `${kind}|${metadata.namespace ?? ''}|${metadata.name}`;
}

export interface SceneOptions {
  store: ObjectStore;
  registry: Registry;
  /** The scene that was shown first, and when. */
  first: readonly KubernetesObject[];
  firstMs: number;
  nowMs: number;
}

/** Times of objects that the first scene has too are moved as they were then; those of others to now. */
function placed(
  objects: readonly KubernetesObject[],
  { first, firstMs, nowMs }: SceneOptions,
): Map<string, Placed> {
  const known = new Map(first.map((object) => [placeOf(keyOf(kindOfObject(object)), object), object]));
  return new Map(
    objects.map((object) => {
      const kind = kindOfObject(object);
      const place = placeOf(keyOf(kind), object);
      const sinceMs = isEqualJson(known.get(place), object) ? firstMs : nowMs;
      return [place, { kind, object: shiftTimes(object, Math.round((sinceMs - SCENE_MS) / 1000)) }];
    }),
  );
}

/** Events of the time before stay: what happened, happened. */
export function showScene(objects: readonly KubernetesObject[], options: SceneOptions): void {
  const { store, registry } = options;
  const wanted = placed(objects, options);
  const isDefinition = ({ kind }: Placed): boolean => keyOf(kind) === DEFINITIONS;
  const put = ({ kind, object }: Placed): void => {
    store.put(kind, object);
  };
  const uids = new Set([...wanted.values()].map(({ object }) => object.metadata.uid));
  // Slices follow their Service and pods by themselves.
  const isDerived = ({ kind, metadata }: KubernetesObject): boolean =>
    kind === 'EndpointSlice' && metadata.ownerReferences?.some(({ uid }) => uids.has(uid)) === true;
  const unwanted: Placed[] = registry
    .kinds()
    .filter((kind) => kind.storedAs === undefined && keyOf(kind) !== 'events')
    .flatMap((kind) => store.list(keyOf(kind)).map((object) => ({ kind, object })))
    .filter(({ kind, object }) => !wanted.has(placeOf(keyOf(kind), object)) && !isDerived(object));

  const wantedObjects = [...wanted.values()];
  wantedObjects.filter(isDefinition).forEach(put);
  // Definitions go last, after the objects of their kinds.
  for (const goesLast of [false, true])
    for (const gone of unwanted)
      if (isDefinition(gone) === goesLast)
        store.remove(gone.kind, gone.object.metadata.namespace, gone.object.metadata.name);
  wantedObjects.filter((candidate) => !isDefinition(candidate)).forEach(put);
}
