/**
 * Every kind the lab can serve, one row each (facts: kubernetes-objects §2). A kind of a CRD is served while its
 * CustomResourceDefinition object exists; built-in and aggregated kinds always are.
 */
import { BUILT_IN } from './catalogue/built-in-kinds.ts';
import { OPENSHIFT_AI } from './catalogue/openshift-ai-kinds.ts';
import { OPENSHIFT } from './catalogue/openshift-kinds.ts';
import { OPERATOR_KINDS } from './catalogue/operator-kinds.ts';
import { type Kind, keyOf } from './kinds.ts';

export const CATALOGUE: readonly Kind[] = [...BUILT_IN, ...OPENSHIFT, ...OPENSHIFT_AI, ...OPERATOR_KINDS];

const BY_KEY = new Map(
  CATALOGUE.filter(({ storedAs }) => storedAs === undefined).map((kind) => [keyOf(kind), kind]),
);

/** The catalogue's row; asking for a kind that is not in it is a mistake in the lab's own code. */
export function kindOf(key: string): Kind {
  const kind = BY_KEY.get(key);
  if (kind === undefined) throw new Error(`the lab's catalogue has no kind ${key}`);
  return kind;
}

/** The row for an object as written in a file. */
export function kindOfObject(object: { apiVersion: string; kind: string }): Kind {
  const [group = '', version] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  const kind = CATALOGUE.find(
    (row) => row.kind === object.kind && row.group === group && row.versions.includes(version ?? ''),
  );
  if (kind === undefined)
    throw new Error(`the lab's catalogue has no ${object.kind} of ${object.apiVersion}`);
  return kind;
}
