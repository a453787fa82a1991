/** CustomResourceDefinition objects for the catalogue's kinds, by who installs them and when. */
import { CATALOGUE } from '../../kubernetes-api/catalogue.ts';
import { type Installer, type Kind, keyOf } from '../../kubernetes-api/kinds.ts';
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { schemaOf } from '../../kubernetes-api/schemas/index.ts';
import { built, INSTALLED_AT } from './built.ts';

/** When each part arrived in the scene. Connectivity Link came before the model controllers were restarted. */
export const INSTALL_TIMES: Record<Exclude<Installer, 'kubernetes'>, string> = {
  openshift: INSTALLED_AT,
  'cert-manager': '2025-12-15T09:20:11Z',
  'openshift-ai': '2025-12-15T09:30:20Z',
  'leader-worker-set-operator': '2025-12-15T09:40:31Z',
  'leader-worker-set': '2025-12-15T09:42:05Z',
  kueue: '2025-12-15T09:50:02Z',
  'node-feature-discovery': '2025-12-15T09:05:40Z',
  'gpu-operator': '2025-12-15T09:12:18Z',
  gitops: '2025-12-15T09:00:07Z',
  'connectivity-link': '2025-12-15T09:30:40Z',
  serverless: '2025-12-15T09:55:00Z',
  'service-mesh': '2025-12-15T09:56:12Z',
  'custom-metrics-autoscaler': '2025-12-15T09:58:40Z',
};

function definitionOf(kind: Kind, installer: Exclude<Installer, 'kubernetes'>): KubernetesObject {
  const at = INSTALL_TIMES[installer];
  const names = {
    plural: kind.plural,
    singular: kind.singular,
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
  };
  const columns = kind.columns.filter(({ value }) => typeof value === 'string').slice(1);
  return built(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    { name: keyOf(kind), creationTimestamp: at, generation: 1 },
    {
      spec: {
        conversion: { strategy: 'None' },
        group: kind.group,
        names,
        scope: kind.namespaced ? 'Namespaced' : 'Cluster',
        versions: kind.versions.map((version, index) => ({
          name: version,
          served: true,
          storage: index === 0,
          schema: { openAPIV3Schema: schemaOf(kind) },
          ...(columns.length === 0
            ? {}
            : {
                additionalPrinterColumns: columns.map(({ name, type, priority, value }) => ({
                  name,
                  type,
                  jsonPath: value,
                  ...(priority === 0 ? {} : { priority }),
                })),
              }),
          ...(kind.subresources.length === 0
            ? {}
            : {
                subresources: {
                  ...(kind.subresources.includes('status') ? { status: {} } : {}),
                  ...(kind.subresources.includes('scale')
                    ? {
                        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
                      }
                    : {}),
                },
              }),
        })),
      },
      status: {
        acceptedNames: names,
        conditions: [
          {
            type: 'NamesAccepted',
            status: 'True',
            reason: 'NoConflicts',
            message: 'no conflicts found',
            lastTransitionTime: at,
          },
          {
            type: 'Established',
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
            lastTransitionTime: at,
          },
        ],
        storedVersions: [kind.versions[0]],
      },
    },
  );
}

export function customResourceDefinitions(installers: readonly Installer[]): KubernetesObject[] {
  return CATALOGUE.flatMap((kind) => {
    const installer = kind.installedBy;
    if (kind.origin !== 'custom-resource' || installer === 'kubernetes' || !installers.includes(installer))
      return [];
    return [definitionOf(kind, installer)];
  });
}
