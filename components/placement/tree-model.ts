import type { ServiceObject } from '@/lib/domain/placement';
import type { Arm } from '@/lib/domain/vocabulary';

export interface TreeRow {
  object: ServiceObject;
  /** 0 for the service itself. */
  depth: number;
}

/** One arm's objects in the order they are given, parents first, each with how deep it hangs. */
export function toTreeRows(objects: readonly ServiceObject[], arm: Arm): TreeRow[] {
  const depths = new Map<string, number>();
  return objects
    .filter((object) => object.arm === arm)
    .map((object) => {
      const depth = object.parent === null ? 0 : (depths.get(object.parent) ?? -1) + 1;
      depths.set(object.uid, depth);
      return { object, depth };
    });
}
