import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { everyManifest } from './testing/every-manifest';
import { GITOPS, hasKubectl, kustomizationFolders, type Manifest } from './testing/render';
import { findProblems, type StructuralSchema } from './testing/structural-schema';

const CRDS = join(GITOPS, '..', '..', 'shared', 'crds');

/** Kinds of the API server itself, and kinds whose CRD is not among the stored ones: admission.test.ts looks at all. */
const WITHOUT_STORED_CRD = new Set([
  'apps/v1 Deployment',
  'batch/v1 CronJob',
  'networking.k8s.io/v1 NetworkPolicy',
  'policy/v1 PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1 ClusterRole',
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding',
  'rbac.authorization.k8s.io/v1 Role',
  'rbac.authorization.k8s.io/v1 RoleBinding',
  'v1 ConfigMap',
  'v1 Namespace',
  'v1 PersistentVolumeClaim',
  'v1 Secret',
  'v1 Service',
  'v1 ServiceAccount',
  'console.openshift.io/v1 ConsoleLink',
  'dashboard.opendatahub.io/v1 OdhApplication',
  'keda.sh/v1alpha1 ScaledObject',
  'keda.sh/v1alpha1 TriggerAuthentication',
  'networking.istio.io/v1 DestinationRule',
]);

interface StoredDefinition {
  spec: { versions: { name: string; schema: { openAPIV3Schema: StructuralSchema } }[] };
}

function schemaOf({ apiVersion, kind }: Manifest): StructuralSchema | null {
  const [group = '', version] = apiVersion.split('/');
  const name = kind.toLowerCase();
  const plural = /[^aeiou]y$/.test(name)
    ? `${name.slice(0, -1)}ies`
    : `${name}${name.endsWith('s') ? 'es' : 's'}`;
  const file = join(CRDS, `${group}_${plural}.yaml`);
  if (!existsSync(file)) return null;
  const definition = parse(readFileSync(file, 'utf8')) as StoredDefinition;
  return definition.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema ?? null;
}

describe.skipIf(!hasKubectl)('every kustomization (needs kubectl)', () => {
  const manifests = hasKubectl ? everyManifest() : [];

  test('builds, base, overlay and component alike', () => {
    const folders = new Set(manifests.map(({ from }) => from));
    expect([...folders].sort()).toEqual(kustomizationFolders());
  });

  test('leaves no placeholder behind in an overlay', () => {
    for (const { from, manifest } of manifests) {
      if (!from.includes('/overlays/') && !from.startsWith('argocd')) continue;
      expect(JSON.stringify(manifest), from).not.toContain('set-in-parameters');
    }
  });

  test('has no wildcard, no secret value and no escalated container', () => {
    for (const { from, manifest } of manifests) {
      const text = JSON.stringify(manifest);
      expect(text, from).not.toMatch(/"privileged":true|"hostNetwork":true|"hostPath"|"runAsUser"/);
      if (manifest.kind === 'Secret') expect(Object.keys(manifest)).not.toContain('data');
      if (manifest.kind.endsWith('Role')) expect(text, from).not.toContain('"*"');
    }
  });

  test.skipIf(!existsSync(CRDS))(
    'fits the stored CRDs, unknown fields being errors (needs ../shared/crds)',
    // Some of them are a megabyte of YAML.
    { timeout: 60_000 },
    () => {
      const problems = manifests.flatMap(({ from, manifest }) => {
        const type = `${manifest.apiVersion} ${manifest.kind}`;
        if (WITHOUT_STORED_CRD.has(type)) return [];
        const schema = schemaOf(manifest);
        if (schema === null) return [`${from}: no schema for ${type}`];
        const { apiVersion: _version, kind: _kind, metadata: _metadata, ...fields } = manifest;
        const { metadata: _m, apiVersion: _a, kind: _k, ...properties } = schema.properties ?? {};
        return findProblems({ ...schema, properties, required: [] }, fields, manifest.kind).map(
          (problem) => `${from}: ${problem}`,
        );
      });
      expect(problems).toEqual([]);
    },
  );
});
