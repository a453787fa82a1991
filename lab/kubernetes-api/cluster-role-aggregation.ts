/** Cluster roles that are the sum of others: `aggregationRule` selects them by label, and their rules follow. */
import { isEqualJson, type KubernetesObject, valueAt } from './object.ts';
import type { PolicyRule } from './rbac.ts';
import { matchesLabels } from './selectors.ts';

function selectorsOf(role: KubernetesObject): unknown[] | null {
  const selectors = valueAt(role, 'aggregationRule', 'clusterRoleSelectors');
  return Array.isArray(selectors) ? selectors : null;
}

function rulesOf(role: KubernetesObject): PolicyRule[] {
  return Array.isArray(role.rules) ? (role.rules as PolicyRule[]) : [];
}

/** The roles as they are once every aggregated one has the rules of those it selects; each rule once. */
export function aggregated(roles: readonly KubernetesObject[]): KubernetesObject[] {
  const byName = roles.toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const rulesFor = (role: KubernetesObject, seen: ReadonlySet<string>): PolicyRule[] => {
    const selectors = selectorsOf(role);
    if (selectors === null) return rulesOf(role);
    const path = new Set([...seen, role.metadata.name]);
    const rules: PolicyRule[] = [];
    for (const selected of byName) {
      const { name, labels } = selected.metadata;
      const isSelected = selectors.some((selector) =>
        matchesLabels(labels, valueAt(selector, 'matchLabels')),
      );
      if (!isSelected || path.has(name)) continue;
      for (const rule of rulesFor(selected, path)) {
        if (!rules.some((known) => isEqualJson(known, rule))) rules.push(rule);
      }
    }
    return rules;
  };
  return roles.map((role) =>
    selectorsOf(role) === null ? role : { ...role, rules: rulesFor(role, new Set()) },
  );
}
