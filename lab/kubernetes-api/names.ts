/** Names and namespaces of new objects, checked as the API server checks them. */
import type { ApiContext } from './context.ts';
import { invalid } from './invalid.ts';
import { type Kind, keyOf } from './kinds.ts';
import type { KubernetesObject } from './object.ts';
import { alreadyExists, badRequest, notFound } from './status.ts';

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** RBAC names are path segments: colons and capitals are fine. */
const FREE_NAMES = 'rbac.authorization.k8s.io';

function nameFor({ identifiers }: ApiContext, kind: Kind, object: KubernetesObject): string {
  const { name: given, generateName } = object.metadata;
  const name = given === '' && generateName !== undefined ? generateName + identifiers.suffix() : given;
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    throw invalid(kind.kind, kind.group, '', [{ reason: 'Required', field: 'metadata.name', message }]);
  }
  if (!NAME.test(name) && kind.group !== FREE_NAMES) {
    const message = `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
    throw invalid(kind.kind, kind.group, name, [{ reason: 'Invalid', field: 'metadata.name', message }]);
  }
  return name;
}

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export function checkLabels(kind: Kind, name: string, { metadata: { labels = {} } }: KubernetesObject): void {
  for (const value of Object.values(labels)) {
    if (value.length <= 63 && LABEL_VALUE.test(value)) continue;
    const message = `Invalid value: ${JSON.stringify(value)}: ${
      value.length > 63
        ? 'must be no more than 63 bytes'
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    }`;
    throw invalid(kind.kind, kind.group, name, [{ reason: 'Invalid', field: 'metadata.labels', message }]);
  }
}

/** An object that is being deleted takes no new finalizers. */
export function checkFinalizers(kind: Kind, current: KubernetesObject, next: KubernetesObject): void {
  if (current.metadata.deletionTimestamp === undefined) return;
  const before = current.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  if (added.length === 0) return;
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  throw invalid(kind.kind, kind.group, current.metadata.name, [
    { reason: 'Forbidden', field: 'metadata.finalizers', message },
  ]);
}

/** The name of an object about to be created, once nothing stands against it. */
export function claimName(
  context: ApiContext,
  kind: Kind,
  namespace: string | undefined,
  object: KubernetesObject,
): string {
  const { store } = context;
  const name = nameFor(context, kind, object);
  if (namespace !== undefined) {
    const { namespace: given } = object.metadata;
    if (given !== undefined && given !== namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    if (store.get('namespaces', undefined, namespace) === undefined) {
      throw notFound({ ...kind, group: '', plural: 'namespaces' }, namespace);
    }
  }
  if (store.get(keyOf(kind), namespace, name) !== undefined) throw alreadyExists(kind, name);
  return name;
}
