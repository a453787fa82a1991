import { describe, expect, it } from 'vitest';
import { aNode, aPlacement, aPod, NOON } from '@/lib/client/testing/live-fixtures';
import type { PathLink, PlacementPod } from '@/lib/domain/placement';
import {
  shortNodeName,
  shortPodName,
  splitPath,
  toFoldedWords,
  toGpuText,
  toMovedPods,
  toPlacementView,
  toPlaces,
  toPodState,
  toTaintText,
} from './placement-model';

const occupant = (pod: PlacementPod) => ({ uid: pod.uid, namespace: pod.namespace, name: pod.name });

describe('placement view', () => {
  const baseline = aPod({ uid: 'b', arm: 'baseline', name: 'mistral-3-int4-predictor-cgsdk', node: 'n3' });
  const distributed = aPod({ uid: 'd', node: 'n2' });

  it('puts the arms’ nodes first, baseline before distributed, and keeps the server’s order otherwise', () => {
    const nodes = ['n0', 'n1', 'n2', 'n3'].map((name) => {
      const pod = [baseline, distributed].find((one) => one.node === name);
      return aNode({
        name,
        slots: [
          { index: 0, occupant: pod === undefined ? null : occupant(pod), state: pod ? 'taken' : 'free' },
        ],
      });
    });
    const view = toPlacementView(aPlacement({ nodes, pods: [distributed, baseline] }), true);
    expect(view.cards.map(({ node }) => node.name)).toEqual(['n3', 'n2', 'n0', 'n1']);
    expect(view.cards[0]?.blocks[0]?.pod).toBe(baseline);
  });

  it('folds GPU nodes that have no room beside those of the arms, and says what is free there', () => {
    const free = { index: 0, occupant: null, state: 'free' as const };
    const taken = { index: 0, occupant: { uid: 'x', namespace: 'o', name: 't' }, state: 'taken' as const };
    const nodes = [
      aNode({ name: 'n2', slots: [{ index: 0, occupant: occupant(distributed), state: 'taken' }] }),
      aNode({ name: 'n3', slots: [{ index: 0, occupant: occupant(baseline), state: 'taken' }] }),
      aNode({ name: 'o1', slots: [free] }),
      aNode({ name: 'o2', slots: [taken] }),
      aNode({ name: 'o3', slots: [free] }),
      aNode({ name: 'o4', slots: [free], schedulable: false }),
      aNode({ name: 'o5', slots: [{ ...free, state: 'unknown' }], ready: false }),
    ];
    const view = toPlacementView(aPlacement({ nodes, pods: [distributed, baseline] }));
    expect(view.cards.map(({ node }) => node.name)).toEqual(['n3', 'n2', 'o1']);
    expect(view.folded.map(({ node }) => node.name)).toEqual(['o2', 'o3', 'o4', 'o5']);
    expect(toFoldedWords(view.folded)).toBe('4 more GPU nodes, 1 GPU free');
    const unknown = nodes.map((node) => ({
      ...node,
      ready: true,
      slots: [{ ...free, state: 'unknown' as const }],
    }));
    expect(toFoldedWords(toPlacementView(aPlacement({ nodes: unknown })).folded)).toBe('4 more GPU nodes');
    expect(toFoldedWords([])).toBeNull();
  });

  it('folds no node of an arm, however many there are', () => {
    const pods = Array.from({ length: 6 }, (_, index) => aPod({ uid: `p${index}`, node: `n${index}` }));
    const nodes = pods.map((pod) =>
      aNode({ name: pod.node ?? '', slots: [{ index: 0, occupant: occupant(pod), state: 'taken' }] }),
    );
    const view = toPlacementView(aPlacement({ nodes, pods }));
    expect([view.cards.length, view.folded.length]).toEqual([6, 0]);
  });

  it('draws a pod with k GPUs as one block k slots wide, and leaves free slots apart', () => {
    const wide = aPod({ uid: 'w', gpus: 2, node: 'n1' });
    const node = aNode({
      name: 'n1',
      slots: [
        { index: 0, occupant: occupant(wide), state: 'taken' },
        { index: 1, occupant: occupant(wide), state: 'taken' },
        { index: 2, occupant: null, state: 'free' },
        { index: 3, occupant: null, state: 'free' },
      ],
    });
    const [card] = toPlacementView(aPlacement({ nodes: [node], pods: [wide] })).cards;
    expect(card?.blocks.map(({ key, width, state }) => [key, width, state])).toEqual([
      ['w', 2, 'taken'],
      ['slot-2', 1, 'free'],
      ['slot-3', 1, 'free'],
    ]);
  });

  it('shows who holds a slot even when the pod may not be read', () => {
    const foreign = { uid: 'x', namespace: 'other', name: 'trainer-0' };
    const node = aNode({ slots: [{ index: 0, occupant: foreign, state: 'taken' }] });
    const [card] = toPlacementView(aPlacement({ nodes: [node] })).cards;
    expect(card?.blocks[0]).toEqual({ key: 'x', width: 1, state: 'taken', pod: null, occupant: foreign });
  });

  it('tells pods apart that hold no GPU, have no node yet, sit on nodes not shown, or are done', () => {
    const picker = aPod({ uid: 'p', role: 'scheduler', gpus: 0, node: 'n1' });
    const pending = aPod({ uid: 'q', node: null, phase: 'Pending', ready: false });
    const stray = aPod({ uid: 's', node: 'n9' });
    const done = aPod({ uid: 'z', node: 'n1', phase: 'Succeeded' });
    const view = toPlacementView(
      aPlacement({ nodes: [aNode({ name: 'n1' })], pods: [picker, pending, stray, done] }),
    );
    expect(view.cards[0]?.riders).toEqual([picker]);
    expect(view.waiting).toEqual([pending]);
    expect(view.elsewhere).toEqual([stray]);
  });
});

describe('motion', () => {
  const at = (node: string | null, overrides: Partial<PlacementPod> = {}) => {
    const pod = aPod({ uid: 'd', node, ...overrides });
    const slots = [{ index: 0, occupant: occupant(pod), state: 'taken' as const }];
    const nodes = ['n1', 'n2'].map((name) => aNode({ name, slots: name === node ? slots : [] }));
    return toPlaces(toPlacementView(aPlacement({ nodes, pods: [pod] })));
  };

  it('does not move at first sight, nor when nothing changed', () => {
    expect(toMovedPods(null, at('n1'))).toEqual([]);
    expect(toMovedPods(at('n1'), at('n1', { restarts: 3 }))).toEqual([]);
  });

  it('moves when a pod takes a slot, changes node or turns ready', () => {
    expect(toMovedPods(at(null), at('n1'))).toEqual(['d']);
    expect(toMovedPods(at('n1'), at('n2'))).toEqual(['d']);
    expect(toMovedPods(at('n1', { ready: false }), at('n1'))).toEqual(['d']);
    expect(toMovedPods(new Map(), at('n1'))).toEqual(['d']);
  });
});

describe('words', () => {
  it('shortens names to what tells them apart', () => {
    expect(shortNodeName('ip-10-0-21-87.us-east-2.compute.internal')).toBe('ip-10-0-21-87');
    expect(shortPodName(aPod())).toBe('rv4xr');
    expect(shortPodName(aPod({ group: { set: 'mn', groupIndex: 1, workerIndex: 0, size: 2 } }))).toBe('1-0');
  });

  it.each<[Partial<PlacementPod>, string, string]>([
    [{}, 'pass', 'ready'],
    [{ terminating: true }, 'warn', 'terminating'],
    [{ ready: false }, 'warn', 'not ready'],
    [{ ready: false, phase: 'Pending', doing: 'unschedulable' }, 'warn', 'pending'],
    [{ ready: false, phase: 'Pending', doing: 'gated' }, 'warn', 'pending'],
    [{ ready: false, phase: 'Pending', doing: 'image' }, 'fail', 'no image'],
    [{ ready: false, doing: 'loading' }, 'warn', 'loading'],
    [{ ready: false, doing: 'crashing' }, 'fail', 'crashing'],
    [{ ready: false, doing: 'unready' }, 'warn', 'not ready'],
    [{ ready: false, doing: 'node-lost' }, 'fail', 'node lost'],
    [{ ready: false, phase: 'Failed' }, 'fail', 'failed'],
    [{ ready: false, phase: 'Unknown' }, 'unknown', 'not known'],
  ])('a pod with %o is %s: %s', (overrides, mark, word) => {
    expect(toPodState(aPod(overrides))).toMatchObject({ mark, word });
  });

  it('claims nothing of an old picture: it says what was', () => {
    expect(toPodState(aPod(), true)).toMatchObject({ mark: 'unknown', word: 'was ready', since: null });
  });

  it('never guesses a number of GPUs', () => {
    expect(toGpuText(aNode())).toBe('L4');
    expect(toTaintText('nvidia.com/gpu=true:NoSchedule')).toBe('nvidia.com/gpu');
    const gpu = {
      resource: 'nvidia.com/gpu',
      product: null,
      capacity: null,
      allocatable: null,
      requested: null,
    };
    expect(toGpuText(aNode({ gpu }))).toBe('? × nvidia.com/gpu');
  });

  it('tells what llm-d decides from what vLLM computes, and keeps Routes beside both', () => {
    const link = (kind: string): PathLink => ({
      id: kind,
      kind,
      name: kind,
      state: 'pass',
      finding: '',
      summary: '',
      request: 'GET /',
      observedAt: NOON,
    });
    const { platform, engine, beside } = splitPath(['Gateway', 'Route', 'HTTPRoute', 'Pods'].map(link));
    expect([platform, engine, beside].map((links) => links.map(({ kind }) => kind))).toEqual([
      ['Gateway', 'HTTPRoute'],
      ['Pods'],
      ['Route'],
    ]);
  });
});
