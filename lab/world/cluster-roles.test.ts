import { expect, test } from 'vitest';
import { createAuthorizer, RBAC_GROUP } from '../kubernetes-api/rbac.ts';
import { createTestWorld } from './world-fixture.ts';

const ROLES = `clusterroles.${RBAC_GROUP}`;
const BINDINGS = `rolebindings.${RBAC_GROUP}`;
const PERSON = { name: 'ana', uid: '', groups: ['system:authenticated'] };

test('view, edit and admin are there from the start, each with what the one below has', async () => {
  const { world } = await createTestWorld();
  const authorizer = createAuthorizer(world.store);
  const may = (role: string, verb: string, group: string, resource: string): boolean => {
    const binding = world.cluster.create(
      BINDINGS,
      { name: 'ana', namespace: 'private-ai' },
      { roleRef: { kind: 'ClusterRole', name: role }, subjects: [{ kind: 'User', name: 'ana' }] },
    );
    const attributes = { verb, group, resource, namespace: 'private-ai' };
    const { isAllowed } = authorizer.decide(PERSON, attributes);
    world.cluster.remove(BINDINGS, binding);
    return isAllowed;
  };
  const asked: [string, string, string][] = [
    ['list', '', 'pods'],
    ['list', 'serving.kserve.io', 'llminferenceservices'],
    ['list', 'kueue.x-k8s.io', 'localqueues'],
    ['list', '', 'secrets'],
    ['delete', '', 'pods'],
    ['create', RBAC_GROUP, 'rolebindings'],
  ];
  const answers = (role: string): boolean[] => asked.map((question) => may(role, ...question));
  expect({ view: answers('view'), edit: answers('edit'), admin: answers('admin') }).toEqual({
    view: [true, true, false, false, false, false],
    edit: [true, true, false, true, true, false],
    admin: [true, true, false, true, true, true],
  });
});

test('a role with the label joins the sum, and leaves it again', async () => {
  const { world, clock } = await createTestWorld();
  const rule = { verbs: ['list'], apiGroups: ['kueue.x-k8s.io'], resources: ['localqueues'] };
  const rules = (name: string): unknown => world.cluster.get(ROLES, undefined, name)?.rules;
  const part = world.cluster.create(
    ROLES,
    { name: 'kueue-view', labels: { [`${RBAC_GROUP}/aggregate-to-view`]: 'true' } },
    { rules: [rule] },
  );
  await clock.advance(1000);
  for (const name of ['view', 'edit', 'admin']) expect(rules(name)).toContainEqual(rule);
  world.cluster.remove(ROLES, part);
  await clock.advance(1000);
  for (const name of ['view', 'edit', 'admin']) expect(rules(name)).not.toContainEqual(rule);
});
