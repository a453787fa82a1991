import { describe, expect, test } from 'vitest';
import type { KubePod } from './objects/core';
import type { PodStory } from './placement';
import { deriveStories } from './placement-stories';
import { DEFAULT_SETTINGS } from './settings';
import { buildCluster, FORBIDDEN, NODE, NOW } from './testing/build-cluster';
import { buildCondition, buildContainerStatus, buildEnginePod, buildGroupPod } from './testing/build-objects';

const at = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();
const OWNER = { kind: 'ReplicaSet', name: 'rs', uid: 'uid-rs', controller: true };

function engine(name: string, overrides: Partial<KubePod> & { createdAt?: string; deletedAt?: string } = {}) {
  const { createdAt = at(-600), deletedAt = null, ...rest } = overrides;
  const pod = buildEnginePod(name, NODE.b, rest);
  return { ...pod, meta: { ...pod.meta, owners: [OWNER], createdAt, deletedAt } };
}

function tell(pods: readonly KubePod[], previous: readonly PodStory[], seconds: number): PodStory[] {
  const cluster = buildCluster({ pods });
  return deriveStories(DEFAULT_SETTINGS, cluster, { stories: [...previous] }, NOW + seconds * 1_000);
}

const LOADING: Partial<KubePod> = {
  conditions: [
    { ...buildCondition('PodScheduled'), changedAt: at(3) },
    { ...buildCondition('Ready', 'False'), changedAt: at(3) },
  ],
  containerStatuses: [buildContainerStatus({ ready: false, state: { kind: 'running', startedAt: at(5) } })],
};
const WAITING: Partial<KubePod> = { nodeName: null, phase: 'Pending', conditions: [], containerStatuses: [] };

describe('the drill: a pod is killed', () => {
  const before = tell([engine('old')], [], -1);
  const killed = tell([], before, 1);
  const waiting = tell([engine('new', { createdAt: at(2), ...WAITING })], killed, 2);
  const loading = tell([engine('new', { createdAt: at(2), ...LOADING })], waiting, 6);
  const ready = tell(
    [
      engine('new', {
        createdAt: at(2),
        ...LOADING,
        conditions: [
          { ...buildCondition('PodScheduled'), changedAt: at(3) },
          { ...buildCondition('Ready'), changedAt: at(26) },
        ],
      }),
    ],
    loading,
    27,
  );

  test('what leaves the list was deleted at that moment', () => {
    expect(killed).toEqual([{ ...before[0], deletedAt: at(1), goneAt: at(1) }]);
  });

  test('its successor, of the same owner, takes its place and goes through every step', () => {
    expect(waiting.map(({ name, replaces }) => [name, replaces?.name ?? null])).toEqual([
      ['new', 'old'],
      ['old', null],
    ]);
    expect(ready[0]).toMatchObject({
      name: 'new',
      createdAt: at(2),
      scheduledAt: at(3),
      startedAt: at(5),
      readyAt: at(26),
      replaces: { uid: 'uid-old', name: 'old', node: NODE.b, deletedAt: at(1) },
    });
  });

  test('it is linked too when it is seen before the other is known to be gone', () => {
    const both = tell([engine('old'), engine('new', { createdAt: at(0), ...WAITING })], before, 0);
    expect(both.every(({ replaces }) => replaces === null)).toBe(true);
    const after = tell([engine('new', { createdAt: at(0), ...WAITING })], both, 1);
    expect(after.find(({ name }) => name === 'new')?.replaces?.name).toBe('old');
  });

  test('the same list again tells nothing new', () => {
    const pods = [engine('new', { createdAt: at(2), ...LOADING })];
    expect(tell(pods, loading, 60)).toEqual(loading);
  });
});

describe('stories', () => {
  test('a replica added by scaling up replaces nobody', () => {
    const before = tell([engine('one')], [], 0);
    const after = tell([engine('one'), engine('two', { createdAt: at(4) })], before, 5);
    expect(after.map(({ replaces }) => replaces)).toEqual([null, null]);
  });

  test('a pod made long after a deletion is no successor', () => {
    const gone = tell([], tell([engine('one')], [], 0), 1);
    const after = tell([engine('two', { createdAt: at(90) })], gone, 91);
    expect(after.map(({ replaces }) => replaces)).toEqual([null, null]);
  });

  test('a seat of a group is handed on although the worker’s owner changes with its leader', () => {
    const seat = (uid: string, createdAt: string) => {
      const pod = buildGroupPod(NODE.b, 0, 1);
      return { ...pod, meta: { ...pod.meta, uid, createdAt, owners: [{ ...OWNER, uid: `sts-${uid}` }] } };
    };
    const before = tell([seat('w1', at(-60))], [], 0);
    const after = tell([seat('w2', at(2))], tell([], before, 1), 2);
    expect(after.find(({ uid }) => uid === 'w2')?.replaces?.uid).toBe('w1');
  });

  test('a restart is a step of the same pod', () => {
    const restarted = engine('one', {
      containerStatuses: [
        buildContainerStatus({ restarts: 2, state: { kind: 'running', startedAt: at(30) } }),
      ],
    });
    const [story] = tell([restarted], tell([engine('one')], [], 0), 31);
    expect(story).toMatchObject({ restarts: 2, restartedAt: at(30) });
  });

  test('while the pods cannot be read nobody is gone', () => {
    const before = tell([engine('one')], [], 0);
    const cluster = buildCluster({}, { pods: FORBIDDEN });
    expect(deriveStories(DEFAULT_SETTINGS, cluster, { stories: before }, NOW + 60_000)).toBe(before);
  });

  test('are bounded', () => {
    const pods = Array.from({ length: 80 }, (_, index) => engine(`p${index}`));
    expect(tell(pods, [], 0)).toHaveLength(60);
  });
});
