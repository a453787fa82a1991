import { describe, expect, it } from 'vitest';
import type { ResourceView } from '@/lib/domain/cluster';
import type { SourceState } from '@/lib/domain/vocabulary';
import { summarizeSource, toMode } from './cluster-source';

function aView(state: SourceState, lastProofAt: number | null = 1_000): ResourceView<never> {
  const problem = state === 'live' ? null : `It is ${state}.`;
  return { request: 'GET /', state, items: [], httpStatus: null, problem, lastProofAt };
}

function summarize(version: SourceState, ...views: SourceState[]): { state: SourceState; detail: string } {
  const { state, detail } = summarizeSource({
    version: { ...aView(version), items: [{ gitVersion: 'v1.33.5' }] },
    views: views.map((one) => aView(one)),
    origin: 'KUBECONFIG, context test',
  });
  return { state, detail };
}

describe('toMode', () => {
  it.each([
    [null, 'unknown'],
    ['v1.33.5', 'live'],
    ['v1.33.5+rke2r1', 'live'],
    ['v1.33.5+lab', 'simulated'],
    ['v1.33.5+replay', 'recorded'],
  ])('%s → %s', (gitVersion, mode) => {
    expect(toMode(gitVersion)).toBe(mode);
  });
});

describe('summarizeSource', () => {
  it('is live when the server answers, whatever is forbidden or not installed', () => {
    expect(summarize('live', 'live', 'forbidden', 'not-installed')).toEqual({
      state: 'live',
      detail: 'v1.33.5 (KUBECONFIG, context test)',
    });
  });

  it('is not changed by one resource in trouble, but by most of them', () => {
    expect(summarize('live', 'live', 'live', 'unreachable').state).toBe('live');
    expect(summarize('live', 'live', 'stale', 'reconnecting')).toEqual({
      state: 'reconnecting',
      detail: 'It is stale. v1.33.5 (KUBECONFIG, context test)',
    });
  });

  it.each<SourceState>(['not-configured', 'unauthenticated', 'unreachable', 'stale'])(
    'is %s when the server’s own version is',
    (state) => {
      expect(summarize(state, 'live', 'live').state).toBe(state);
    },
  );

  it('is syncing before the first answer', () => {
    expect(summarize('syncing', 'syncing').state).toBe('syncing');
  });

  it('takes the newest sign of life of any kind, and keeps the mode of a server that has gone', () => {
    expect(
      summarizeSource({
        version: { ...aView('unreachable', 5_000), items: [{ gitVersion: 'v1.33.5+lab' }] },
        views: [aView('unreachable', 7_000), aView('unreachable', null)],
        origin: null,
      }),
    ).toEqual({ state: 'unreachable', lastProofAt: 7_000, mode: 'simulated', detail: 'It is unreachable.' });
  });

  it('knows nothing before anything was heard', () => {
    expect(summarizeSource({ version: aView('not-configured', null), views: [], origin: null })).toEqual({
      state: 'not-configured',
      lastProofAt: null,
      mode: 'unknown',
      detail: 'It is not-configured.',
    });
  });
});
