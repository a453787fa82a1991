import { type Grant, READ_VERBS, type Read } from './rights';

const LABELS = `  labels:
    app.kubernetes.io/name: llm-d-live
    app.kubernetes.io/instance: llm-d-live
    app.kubernetes.io/component: rbac
    app.kubernetes.io/part-of: llm-serving
    app.kubernetes.io/managed-by: argocd
    demo.rhoai.io/step: "08"`;

/** Resources of one group without a name share a rule; a name needs a rule of its own. */
function toRules(reads: readonly Read[]): { group: string; resources: string[]; name: string | null }[] {
  const rules: { group: string; resources: string[]; name: string | null }[] = [];
  for (const { group, resource, name } of reads) {
    const shared = rules.find((rule) => rule.group === group && rule.name === null && name === null);
    if (shared === undefined) rules.push({ group, resources: [resource], name });
    else if (!shared.resources.includes(resource)) shared.resources.push(resource);
  }
  return rules;
}

function metadata(name: string, namespace: string | null): string {
  return [
    'metadata:',
    `  name: ${name}`,
    ...(namespace === null ? [] : [`  namespace: ${namespace}`]),
    LABELS,
  ].join('\n');
}

/** The role of a grant and its binding to the dashboard's account, as the file has them. */
export function toRoleYaml({ namespace, roleName, reads }: Grant): string {
  const prefix = namespace === null ? 'Cluster' : '';
  const rules = toRules(reads).flatMap(({ group, resources, name }) => [
    `  - apiGroups: [${group === '' ? '""' : group}]`,
    `    resources: [${resources.join(', ')}]`,
    ...(name === null ? [] : [`    resourceNames: [${name}]`]),
    `    verbs: [${READ_VERBS.join(', ')}]`,
  ]);
  return `# Written from lib/server/kubernetes/resources.ts by \`npx vitest run gitops/dashboard/rbac.test.ts -u\`; see docs/rbac.md.
apiVersion: rbac.authorization.k8s.io/v1
kind: ${prefix}Role
${metadata(roleName, namespace)}
rules:
${rules.join('\n')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${prefix}RoleBinding
${metadata(roleName, namespace)}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${prefix}Role
  name: ${roleName}
subjects:
  - kind: ServiceAccount
    name: llm-d-live
    namespace: llm-d-live
`;
}
