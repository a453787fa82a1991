import type { ClusterSnapshot } from './cluster';
import { compareText, engineStartedAt, readyAt, scheduledAt } from './derive-placement-pods';
import { armOf, groupOf, roleOf } from './objects/arms';
import type { KubePod } from './objects/core';
import { podRestarts } from './objects/pod-state';
import type { Placement, PodStory } from './placement';
import { isReadable } from './readable';
import type { DemoSettings } from './settings';
import type { UnixMs } from './vocabulary';

/** Pods that are gone are remembered this many stories back. */
const MAX_STORIES = 60;
/** A controller makes the successor within this time; a pod made later is a scale-up, not a replacement. */
const SUCCESSION_MS = 60_000;
/** Object times have whole seconds, and the API server's clock is not ours. */
const CLOCK_SLACK_MS = 3_000;

/**
 * What became of each pod of the arms, from its own timestamps and from what was seen before, newest step first. Pods
 * leave the list without a word, so what is gone is known only from the placement before. While pods cannot be read
 * nobody is gone.
 */
export function deriveStories(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  previous: Pick<Placement, 'stories'> | null,
  now: UnixMs,
): PodStory[] {
  const before = new Map(previous?.stories.map((story) => [story.uid, story]));
  const view = cluster.resources.pods;
  if (!isReadable(view)) return previous?.stories ?? [];
  const seen = view.items.flatMap((pod) => toStory(pod, before.get(pod.meta.uid), settings, now));
  const present = new Set(seen.map(({ uid }) => uid));
  const at = new Date(now).toISOString();
  const gone = [...before.values()]
    .filter(({ uid }) => !present.has(uid))
    .map((story) =>
      story.goneAt === null ? { ...story, goneAt: at, deletedAt: story.deletedAt ?? at } : story,
    );
  return linkSuccessors([...seen, ...gone])
    .sort((a, b) => compareText(lastStepAt(b), lastStepAt(a)) || compareText(a.uid, b.uid))
    .slice(0, MAX_STORIES);
}

function toStory(
  pod: KubePod,
  before: PodStory | undefined,
  settings: DemoSettings,
  now: UnixMs,
): PodStory[] {
  const arm = armOf(pod, settings);
  if (arm === 'other') return [];
  const restarts = podRestarts(pod);
  const started = iso(engineStartedAt(pod));
  const isLeaving = pod.meta.deletedAt !== null || pod.phase === 'Succeeded' || pod.phase === 'Failed';
  return [
    {
      uid: pod.meta.uid,
      name: pod.meta.name,
      namespace: pod.meta.namespace ?? '',
      arm,
      role: roleOf(pod, arm),
      node: pod.nodeName,
      place: placeOf(pod),
      createdAt: iso(pod.meta.createdAt) ?? new Date(now).toISOString(),
      scheduledAt: iso(scheduledAt(pod)) ?? before?.scheduledAt ?? null,
      startedAt: before?.startedAt ?? started,
      readyAt: iso(readyAt(pod)) ?? (isLeaving ? (before?.readyAt ?? null) : null),
      deletedAt: isLeaving ? (before?.deletedAt ?? new Date(now).toISOString()) : null,
      goneAt: null,
      restarts,
      restartedAt: restarts > 0 ? (started ?? before?.restartedAt ?? null) : null,
      replaces: before?.replaces ?? null,
    },
  ];
}

/** The place a pod fills: its seat in a group, else its controller. */
function placeOf(pod: KubePod): string {
  const group = groupOf(pod);
  if (group !== null) return `${group.set}/${group.groupIndex}/${group.workerIndex}`;
  const owner = pod.meta.owners.find(({ controller }) => controller) ?? pod.meta.owners[0];
  return owner?.uid ?? pod.meta.name;
}

/** Each pod without a predecessor takes over from the oldest deleted one of its place that nobody has replaced yet. */
function linkSuccessors(stories: readonly PodStory[]): PodStory[] {
  const taken = new Set(stories.flatMap(({ replaces }) => (replaces === null ? [] : [replaces.uid])));
  const byAge = [...stories].sort((a, b) => compareText(a.createdAt, b.createdAt));
  const deleted = byAge.filter(({ deletedAt }) => deletedAt !== null);
  const links = new Map<string, PodStory['replaces']>();
  for (const story of byAge) {
    if (story.replaces !== null) continue;
    const predecessor = deleted.find(
      (other) => other.uid !== story.uid && !taken.has(other.uid) && isSuccession(other, story),
    );
    if (predecessor?.deletedAt == null) continue;
    taken.add(predecessor.uid);
    const { uid, name, node, deletedAt } = predecessor;
    links.set(story.uid, { uid, name, node, deletedAt });
  }
  return stories.map((story) => ({ ...story, replaces: story.replaces ?? links.get(story.uid) ?? null }));
}

function isSuccession(before: PodStory, after: PodStory): boolean {
  if (before.place !== after.place || before.deletedAt === null) return false;
  const delay = Date.parse(after.createdAt) - Date.parse(before.deletedAt);
  return delay >= -CLOCK_SLACK_MS && delay <= SUCCESSION_MS && before.createdAt < after.createdAt;
}

/** When the last thing happened to it. */
export function lastStepAt(story: PodStory): string {
  const {
    createdAt,
    scheduledAt: scheduled,
    startedAt,
    readyAt: ready,
    restartedAt,
    deletedAt,
    goneAt,
  } = story;
  return [scheduled, startedAt, ready, restartedAt, deletedAt, goneAt].reduce<string>(
    (latest, at) => (at !== null && at > latest ? at : latest),
    createdAt,
  );
}

/** Whole-second times of the API and ours in one form, so that they can be compared as text. */
function iso(time: string | null): string | null {
  const at = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
