import type { MarkState } from '@/components/ui/state-mark';
import type { Placement, PlacementEvent, PlacementPod, PodStory } from '@/lib/domain/placement';
import { lastStepAt } from '@/lib/domain/placement-stories';
import { formatSpan } from '@/lib/format/span';
import { shortNodeName } from './placement-model';

/** What a story says now: its words, and where something still runs since when. */
export interface StoryLine {
  mark: MarkState | null;
  words: string;
  /** The step under way began then; its clock runs. `null` when nothing is under way. */
  runningSince: string | null;
}

export type TimelineItem =
  | { kind: 'story'; at: string; story: PodStory; line: StoryLine }
  | { kind: 'event'; at: string; event: PlacementEvent };

/** More than this nobody reads while someone speaks. */
const MAX_ITEMS = 40;

/** Stories of pods and the Events that are not part of one, newest first. */
export function toTimeline(placement: Placement): TimelineItem[] {
  const replaced = new Set(placement.stories.flatMap(({ replaces }) => replaces?.uid ?? []));
  const stories: TimelineItem[] = placement.stories
    // The successor's line tells of the one before.
    .filter(({ uid, goneAt }) => goneAt === null || !replaced.has(uid))
    .map((story) => {
      const pod = placement.pods.find(({ uid }) => uid === story.uid) ?? null;
      return { kind: 'story', at: lastStepAt(story), story, line: toStoryLine(story, pod) };
    });
  const events: TimelineItem[] = placement.events
    .filter((event) => storyOf(placement, event) === null)
    .map((event) => ({ kind: 'event', at: event.at, event }));
  // Both lists are in order already, and the sort keeps the order of what happened in one second.
  return [...stories, ...events]
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .slice(0, MAX_ITEMS);
}

/**
 * The pod whose story an Event is part of: one about the pod itself, or its controller's word that it was made or deleted.
 * Warnings stay apart until the pod has turned ready after them.
 */
export function storyOf(placement: Placement, event: PlacementEvent): PodStory | null {
  const story = placement.stories.find(({ name }) => isAbout(event, name));
  if (story === undefined) return null;
  if (event.type === 'Normal') return story;
  if (story.goneAt !== null) return story;
  // Kueue's warnings are over when the pod was let go, and a probe that fails while the model loads is what loading is.
  if (event.object.kind === 'Workload') return story.scheduledAt === null ? null : story;
  if (event.reason === 'Unhealthy' && /^Readiness/.test(event.message) && story.restarts === 0) return story;
  return story.readyAt !== null && story.readyAt >= event.at ? story : null;
}

/** An Event names its object by kind and name only; Kueue's Workload of a plain pod is `pod-<name>-<hash>` (kubernetes-objects §5.7). */
function isAbout({ object, reason, message }: PlacementEvent, pod: string): boolean {
  if (object.kind === 'Pod') return object.name === pod;
  if (object.kind === 'Workload') return object.name.startsWith(`pod-${pod}-`);
  return /^Successful(Create|Delete)$/.test(reason) && message.split(/\s+/).includes(pod);
}

/** Events that belong to a story, oldest first, for its sheet. */
export function eventsOf(placement: Placement, story: PodStory): PlacementEvent[] {
  return placement.events.filter((event) => storyOf(placement, event)?.uid === story.uid).reverse();
}

export function shortStoryName(name: string): string {
  return name.split('-').at(-1) ?? name;
}

function between(from: string, to: string): string {
  return formatSpan(Date.parse(to) - Date.parse(from));
}

/** One line for what became of a pod, correlated with the pod whose place it took. */
export function toStoryLine(story: PodStory, pod: Pick<PlacementPod, 'doing'> | null = null): StoryLine {
  const { createdAt, scheduledAt, startedAt, readyAt, restartedAt, deletedAt, goneAt, replaces } = story;
  if (goneAt !== null) return { mark: 'not-applicable', words: 'deleted', runningSince: null };
  if (deletedAt !== null) return { mark: 'warn', words: 'is leaving', runningSince: deletedAt };
  const moved =
    replaces !== null && story.node !== null && replaces.node !== null && replaces.node !== story.node
      ? `, moved to ${shortNodeName(story.node)}`
      : '';
  const prefix = replaces === null ? '' : `for ${shortStoryName(replaces.name)}${moved}: `;
  if (readyAt !== null) {
    if (story.restarts > 0 && restartedAt !== null) {
      return { mark: 'pass', words: `${prefix}ready again after a restart`, runningSince: null };
    }
    const words =
      replaces !== null
        ? `ready ${between(replaces.deletedAt, readyAt)} after the loss`
        : startedAt === null
          ? 'ready'
          : `ready, ${between(startedAt, readyAt)} after its start`;
    return { mark: 'pass', words: `${prefix}${words}`, runningSince: null };
  }
  if (story.restarts > 0) {
    return { mark: 'warn', words: `${prefix}restarted, not ready`, runningSince: restartedAt };
  }
  const loads = story.role === 'scheduler' ? 'starts up' : 'loads the model';
  if (startedAt !== null) return { mark: 'warn', words: `${prefix}${loads}`, runningSince: startedAt };
  if (pod?.doing === 'image') {
    return { mark: 'fail', words: `${prefix}cannot pull its image`, runningSince: scheduledAt };
  }
  if (scheduledAt !== null) {
    return { mark: 'warn', words: `${prefix}on its node, starts`, runningSince: scheduledAt };
  }
  return {
    mark: 'warn',
    words: `${prefix}waits for ${pod?.doing === 'gated' ? 'quota' : 'a node'}`,
    runningSince: createdAt,
  };
}
