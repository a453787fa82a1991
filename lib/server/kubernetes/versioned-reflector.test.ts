import { describe, expect, test } from 'vitest';
import type { ResourceView } from '@/lib/domain/cluster';
import type { SourceState } from '@/lib/domain/vocabulary';
import type { Reflector } from './reflector';
import { createVersionedReflector } from './versioned-reflector';

/** Reflectors by version, whose states the test sets. */
function stage() {
  const log: string[] = [];
  const states = new Map<string, SourceState>();
  const listeners = new Map<string, () => void>();
  const reflector = createVersionedReflector<string>({
    versions: ['v1alpha1', 'v1alpha2', 'v1'],
    onChange: () => {},
    create: (version, onChange): Reflector<string> => {
      states.set(version, 'syncing');
      listeners.set(version, onChange);
      return {
        view: (): ResourceView<string> => ({
          request: version,
          state: states.get(version) ?? 'syncing',
          items: [],
          httpStatus: null,
          problem: null,
          lastProofAt: null,
        }),
        counters: () => {
          throw new Error('not asked here');
        },
        start: () => log.push(`start ${version}`),
        stop: async () => {
          log.push(`stop ${version}`);
        },
      };
    },
  });
  return {
    log,
    reflector,
    turn(version: string, state: SourceState): void {
      states.set(version, state);
      listeners.get(version)?.();
    },
    seen: () => [reflector.view().request, reflector.view().state],
  };
}

describe('a kind in several versions', () => {
  test('is followed in its first version alone where that is served', () => {
    const { log, reflector, turn, seen } = stage();
    reflector.start();
    turn('v1alpha1', 'live');
    expect([log, seen()]).toEqual([['start v1alpha1'], ['v1alpha1', 'live']]);
  });

  test('is followed in the version that is served instead, and not called missing before all were asked', () => {
    const { log, reflector, turn, seen } = stage();
    reflector.start();
    turn('v1alpha1', 'not-installed');
    expect(seen()).toEqual(['v1alpha2', 'syncing']);
    turn('v1alpha2', 'not-installed');
    expect(seen()).toEqual(['v1', 'syncing']);
    turn('v1', 'live');
    expect(seen()).toEqual(['v1', 'live']);
    turn('v1', 'reconnecting');
    expect(seen()).toEqual(['v1', 'reconnecting']);
    expect(log).toEqual(['start v1alpha1', 'start v1alpha2', 'start v1']);
  });

  test('is missing when no version is served, and the first one is asked for by name', () => {
    const { reflector, turn, seen } = stage();
    reflector.start();
    for (const version of ['v1alpha1', 'v1alpha2', 'v1']) turn(version, 'not-installed');
    expect(seen()).toEqual(['v1alpha1', 'not-installed']);
  });

  test('is followed in its first version again when that comes back', async () => {
    const { log, reflector, turn, seen } = stage();
    reflector.start();
    turn('v1alpha1', 'not-installed');
    turn('v1alpha2', 'live');
    turn('v1alpha1', 'live');
    expect(seen()).toEqual(['v1alpha1', 'live']);
    await reflector.stop();
    expect(log.slice(3).sort()).toEqual(['stop v1', 'stop v1alpha1', 'stop v1alpha2']);
  });
});
