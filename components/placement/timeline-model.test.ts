import { describe, expect, it } from 'vitest';
import { aPlacement, NOON, NOON_MS } from '@/lib/client/testing/live-fixtures';
import type { PlacementEvent, PodStory } from '@/lib/domain/placement';
import { eventsOf, toStoryLine, toTimeline } from './timeline-model';

const at = (seconds: number): string => new Date(NOON_MS + seconds * 1_000).toISOString();

function aStory(overrides: Partial<PodStory> = {}): PodStory {
  return {
    uid: 'u-new',
    name: 'kserve-abc-new',
    namespace: 'private-ai',
    arm: 'distributed',
    role: 'both',
    node: 'n2.example',
    place: 'rs',
    createdAt: at(2),
    scheduledAt: null,
    startedAt: null,
    readyAt: null,
    deletedAt: null,
    goneAt: null,
    restarts: 0,
    restartedAt: null,
    replaces: null,
    ...overrides,
  };
}

const anEvent = (overrides: Partial<PlacementEvent>): PlacementEvent => ({
  uid: overrides.reason ?? 'e',
  at: NOON,
  type: 'Normal',
  reason: 'Scheduled',
  object: { kind: 'Pod', name: 'kserve-abc-new' },
  message: 'm',
  ...overrides,
});

const replaces = { uid: 'u-old', name: 'kserve-abc-old', node: 'n1.example', deletedAt: at(0) };
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('the line of a pod', () => {
  it.each<[string, Partial<PodStory>, string, string | null]>([
    ['waits', { node: null }, 'waits for a node', at(2)],
    ['is scheduled', { scheduledAt: at(3) }, 'on its node, starts', at(3)],
    ['loads', { scheduledAt: at(3), startedAt: at(5) }, 'loads the model', at(5)],
    ['is ready', { startedAt: at(5), readyAt: at(166) }, 'ready, 2 min 41 s after its start', null],
    ['leaves', { deletedAt: at(9) }, 'is leaving', at(9)],
    ['is gone', { deletedAt: at(9), goneAt: at(9) }, 'deleted', null],
    ['restarted', { restarts: 1, restartedAt: at(9) }, 'restarted, not ready', at(9)],
    [
      'came for another on the same node',
      { replaces: { ...replaces, node: 'n2.example' }, startedAt: at(5) },
      'for old: loads the model',
      at(5),
    ],
    [
      'moved',
      { replaces, startedAt: at(5), readyAt: at(26) },
      'for old, moved to n2: ready 26 s after the loss',
      null,
    ],
  ])('that %s', (_name, overrides, words, runningSince) => {
    const line = toStoryLine(aStory(overrides));
    expect([plain(line.words), line.runningSince]).toEqual([words, runningSince]);
  });
});

it('a pod that Kueue holds waits for quota, one without its image for that', () => {
  const words = (doing: 'gated' | 'image') => toStoryLine(aStory(), { doing }).words;
  expect([words('gated'), words('image')]).toEqual(['waits for quota', 'cannot pull its image']);
});

describe('the timeline', () => {
  const gone = aStory({ uid: 'u-old', name: 'kserve-abc-old', deletedAt: at(0), goneAt: at(0) });

  it('tells a loss and its repair in one line, newest first, with what else happened', () => {
    const placement = aPlacement({
      stories: [aStory({ replaces, scheduledAt: at(3) }), gone],
      events: [
        anEvent({ at: at(9), reason: 'ScalingReplicaSet', object: { kind: 'Deployment', name: 'd' } }),
        anEvent({ at: at(3), reason: 'Scheduled' }),
        anEvent({
          at: at(2),
          reason: 'SuccessfulCreate',
          object: { kind: 'ReplicaSet', name: 'rs' },
          message: 'Created pod: kserve-abc-new',
        }),
        anEvent({ at: at(1), reason: 'Killing', object: { kind: 'Pod', name: 'elsewhere' } }),
      ],
    });
    expect(
      toTimeline(placement).map((item) => (item.kind === 'story' ? item.story.name : item.event.reason)),
    ).toEqual(['ScalingReplicaSet', 'kserve-abc-new', 'Killing']);
    expect(eventsOf(placement, placement.stories[0] ?? gone).map(({ reason }) => reason)).toEqual([
      'SuccessfulCreate',
      'Scheduled',
    ]);
  });

  it('keeps a warning about a pod apart until the pod has turned ready after it', () => {
    const warning = anEvent({ type: 'Warning', reason: 'BackOff', at: at(10) });
    const kinds = (story: PodStory) =>
      toTimeline(aPlacement({ stories: [story], events: [warning] })).map(({ kind }) => kind);
    expect(kinds(aStory({ startedAt: at(5) }))).toEqual(['event', 'story']);
    expect(kinds(aStory({ startedAt: at(5), readyAt: at(12) }))).toEqual(['story']);
  });

  it('takes Kueue’s word about a pod, and probes that fail while it loads, as part of its story', () => {
    const events = [
      anEvent({ reason: 'QuotaReserved', object: { kind: 'Workload', name: 'pod-kserve-abc-new-49e83' } }),
      anEvent({ type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: refused' }),
      anEvent({ type: 'Warning', reason: 'Unhealthy', message: 'Liveness probe failed: refused' }),
    ];
    const items = toTimeline(aPlacement({ stories: [aStory({ startedAt: at(5) })], events }));
    expect(items.map((item) => (item.kind === 'story' ? 'story' : item.event.message))).toEqual([
      'story',
      'Liveness probe failed: refused',
    ]);
  });

  it('is bounded', () => {
    const stories = Array.from({ length: 60 }, (_, index) => aStory({ uid: `u${index}` }));
    expect(toTimeline(aPlacement({ stories }))).toHaveLength(40);
  });
});
