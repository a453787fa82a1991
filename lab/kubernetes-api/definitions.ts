/** What the API server itself does to CustomResourceDefinitions: checks their name, accepts and establishes them. */

import { invalid } from './invalid.ts';
import type { Kind } from './kinds.ts';
import { isRecord, type KubernetesObject, valueAt } from './object.ts';

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

export function checkDefinition(kind: Kind, definition: KubernetesObject): void {
  const { name } = definition.metadata;
  const wanted = `${valueAt(definition, 'spec', 'names', 'plural')}.${valueAt(definition, 'spec', 'group')}`;
  if (name === wanted) return;
  throw invalid(kind.kind, kind.group, name, [
    {
      reason: 'Invalid',
      field: 'metadata.name',
      message: `Invalid value: "${name}": must be spec.names.plural+"."+spec.group`,
    },
  ]);
}

/** The definition with its names completed and the status of one that is served. */
export function established(definition: KubernetesObject, at: string): KubernetesObject {
  const spec = isRecord(definition.spec) ? definition.spec : {};
  const given = isRecord(spec.names) ? spec.names : {};
  const kind = String(given.kind);
  const names = {
    ...given,
    singular: given.singular ?? kind.toLowerCase(),
    listKind: given.listKind ?? `${kind}List`,
  };
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  const condition = (type: string, reason: string, message: string): object => ({
    type,
    status: 'True',
    reason,
    message,
    lastTransitionTime: at,
  });
  return {
    ...definition,
    spec: { ...spec, names, conversion: spec.conversion ?? { strategy: 'None' } },
    status: {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: names,
      storedVersions: versions
        .filter((version) => isRecord(version) && version.storage === true)
        .map(({ name }) => name),
    },
  };
}
