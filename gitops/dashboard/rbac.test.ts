import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { resourceDefinitions } from '@/lib/server/kubernetes/resources';
import { GITOPS, hasKubectl, type Manifest, ofKind, render, valueAt } from '../testing/render';
import { renderWith } from '../testing/render-component';
import { READ_VERBS, type Read, readsOf, toGrants } from './rights';
import { toRightsDocument } from './rights-document';
import { toRoleYaml } from './role-yaml';

const READS = readsOf(resourceDefinitions(DEFAULT_SETTINGS));
const GRANTS = toGrants(READS);

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** A right as a line that can be compared, e.g. `watch clusterversions.config.openshift.io in the cluster named version`. */
function right(verb: string, { group, resource, namespace, name }: Omit<Read, 'id'>): string {
  return [
    verb,
    group === '' ? resource : `${resource}.${group}`,
    namespace === null ? 'in the cluster' : `in ${namespace}`,
    ...(name === null ? [] : [`named ${name}`]),
  ].join(' ');
}

/** What the application asks the cluster for; two entries may come to the same right. */
function neededRights(reads: readonly Read[]): string[] {
  return [...new Set(reads.flatMap((read) => READ_VERBS.map((verb) => right(verb, read))))].sort();
}

function rightsOfRules(rules: readonly Rule[], namespace: string | null): string[] {
  return rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          (resourceNames ?? [null]).map((name) => right(verb, { group, resource, namespace, name })),
        ),
      ),
    ),
  );
}

/** Rights that the manifests bind to the dashboard's account; roles that are not ours are told by name. */
function grantedRights(manifests: readonly Manifest[]): { rights: string[]; foreignRoles: string[] } {
  const rights: string[] = [];
  const foreignRoles: string[] = [];
  for (const binding of manifests.filter(({ kind }) => /RoleBinding$/.test(kind))) {
    expect(binding.subjects).toEqual([
      { kind: 'ServiceAccount', name: 'llm-d-live', namespace: 'llm-d-live' },
    ]);
    const kind = String(valueAt(binding, 'roleRef', 'kind'));
    const name = String(valueAt(binding, 'roleRef', 'name'));
    const namespace = binding.metadata.namespace ?? null;
    const role = ofKind(manifests, kind).find(
      ({ metadata }) => metadata.name === name && (metadata.namespace ?? null) === namespace,
    );
    if (role === undefined) foreignRoles.push(`${kind} ${name}`);
    else rights.push(...rightsOfRules(role.rules as Rule[], namespace));
  }
  return { rights: rights.sort(), foreignRoles };
}

describe('the roles of the dashboard', () => {
  test.each(GRANTS.map((grant) => [grant.file, grant] as const))(
    '%s is what the application’s list comes to',
    async (file, grant) => {
      await expect(toRoleYaml(grant)).toMatchFileSnapshot(join(import.meta.dirname, file));
    },
  );

  test('no other role lies beside them', () => {
    const written = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)(cluster-)?role(-[^/]+)?\.yaml$/.test(path) && !path.includes('binding'))
      .sort();
    const optional = [
      'components/delete-pod/role.yaml',
      'components/kueue-visibility/role.yaml',
      'components/model-token/role.yaml',
      'components/pod-log/role.yaml',
    ];
    expect(written).toEqual([...GRANTS.map(({ file }) => file), ...optional].sort());
  });

  test('docs/rbac.md says the same', async () => {
    await expect(toRightsDocument(GRANTS)).toMatchFileSnapshot(join(GITOPS, '..', 'docs', 'rbac.md'));
  });
});

describe.skipIf(!hasKubectl)('the rights of the deployed dashboard (needs kubectl)', () => {
  test.each(['open', 'oauth-proxy', 'rhoai-gateway'])(
    'overlay %s grants exactly what the application reads',
    (overlay) => {
      const { rights, foreignRoles } = grantedRights(render(`dashboard/overlays/${overlay}`));
      expect(rights).toEqual(neededRights(READS));
      expect(foreignRoles).toEqual(['ClusterRole cluster-monitoring-view']);
    },
  );

  test('the base alone touches no namespace that exists only with an operator, nor pods of others', () => {
    const { rights } = grantedRights(render('dashboard/base'));
    const base = GRANTS.filter(({ file }) => file.startsWith('base/')).flatMap(({ reads }) => reads);
    expect(rights).toEqual(neededRights(base));
    expect(rights).not.toContain('list pods in the cluster');
    const namespaces = new Set(base.map(({ namespace }) => namespace ?? 'the cluster'));
    expect([...namespaces].sort()).toEqual([
      'openshift-ingress',
      'openshift-monitoring',
      'private-ai',
      'the cluster',
    ]);
  });

  test.each([
    ['delete-pod', ['delete pods in private-ai']],
    ['pod-log', ['get pods/log in private-ai']],
    [
      'kueue-visibility',
      ['get localqueues/pendingworkloads.visibility.kueue.x-k8s.io in private-ai named default'],
    ],
    ['model-token', ['get llminferenceservices.serving.kserve.io in private-ai named mistral-3-distributed']],
    ['benchmark-results', []],
    ['trusted-ca', []],
    ['hold-during-talk', []],
    ['console-link', []],
    ['rhoai-tile', []],
  ])('component %s adds no right but its own', (component, added) => {
    const before = grantedRights(render('dashboard/base')).rights;
    const after = grantedRights(renderWith('dashboard/base', [`dashboard/components/${component}`])).rights;
    expect(after.filter((one) => !before.includes(one))).toEqual(added);
  });

  test('nothing touches secrets, logs, exec or proxies', () => {
    const { rights } = grantedRights(render('dashboard/overlays/open'));
    expect(rights.filter((one) => /secrets|\/(log|exec|proxy|portforward|attach)/.test(one))).toEqual([]);
  });
});
