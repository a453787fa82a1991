import { type Kind, keyOf } from '../kinds.ts';
import { anyObject, object, type Schema } from './schema.ts';

/** Spec and status of the kinds whose fields the lab knows, by KindKey. */
const KNOWN: Record<string, Record<string, Schema>> = {};

/** The schema of a kind below apiVersion, kind and metadata. Kinds that are not described take any fields. */
export function fieldsOf(kind: Kind): Record<string, Schema> {
  return (
    KNOWN[keyOf(kind)] ?? {
      spec: anyObject,
      ...(kind.subresources.includes('status') ? { status: anyObject } : {}),
    }
  );
}

export function isDescribed(kind: Kind): boolean {
  return keyOf(kind) in KNOWN;
}

export function schemaOf(kind: Kind): Schema {
  return object(fieldsOf(kind));
}
