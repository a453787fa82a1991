import { describe, expect, it } from 'vitest';
import type { ProblemKind } from './errors';
import { resolveState, type Trouble, VIEW_TIMING, type ViewFacts } from './view-state';

const NOW = 1_000_000;
const LIVE = { state: 'live', problem: null } as const;
const ABSENT = { lastAnswer: { state: 'not-installed', problem: 'It is not served.' } } as const;

function facts(changes: Partial<ViewFacts> = {}): ViewFacts {
  return {
    lastAnswer: LIVE,
    lastProofAt: NOW - 1_000,
    listTrouble: null,
    watchTrouble: null,
    waitingSince: null,
    ...changes,
  };
}

function trouble(kind: ProblemKind, ageMs: number): Trouble {
  return { kind, message: `${kind}.`, since: NOW - ageMs };
}

const NEVER_LISTED = { lastAnswer: null, lastProofAt: null };
const OLD_PROOF = { lastProofAt: NOW - 20_001 };

describe('resolveState', () => {
  it.each<[string, Partial<ViewFacts>, string, string | null]>([
    ['fresh data', {}, 'live', null],
    ['data exactly 20 s old', { lastProofAt: NOW - 20_000 }, 'live', null],
    [
      'no sign of life for more than 20 s',
      OLD_PROOF,
      'stale',
      'There has been no sign of life from the API server.',
    ],
    ['nothing yet', NEVER_LISTED, 'syncing', 'The first answer of the API server has not come yet.'],
    [
      'a first list that fails',
      { ...NEVER_LISTED, listTrouble: trouble('connection', 1_500) },
      'unreachable',
      'connection.',
    ],
    ['a blip', { listTrouble: trouble('connection', 1_499) }, 'live', null],
    ['trouble beyond a blip', { listTrouble: trouble('connection', 1_500) }, 'reconnecting', 'connection.'],
    ['trouble for 10 s', { listTrouble: trouble('unavailable', 10_000) }, 'unreachable', 'unavailable.'],
    [
      'trouble and stale data',
      { ...OLD_PROOF, listTrouble: trouble('connection', 5_000) },
      'stale',
      'connection.',
    ],
    [
      'a long outage',
      { ...OLD_PROOF, listTrouble: trouble('connection', 60_000) },
      'unreachable',
      'connection.',
    ],
    [
      'an untrusted certificate',
      { listTrouble: trouble('certificate', 1_500) },
      'unreachable',
      'certificate.',
    ],
    [
      'a name that is not found',
      { listTrouble: trouble('name-not-found', 1_500) },
      'unreachable',
      'name-not-found.',
    ],
    [
      'a broken watch beside fresh lists',
      { watchTrouble: trouble('connection', 60_000) },
      'reconnecting',
      'connection.',
    ],
    [
      'a watch broken for 10 s without a proof since',
      { lastProofAt: NOW - 11_000, watchTrouble: trouble('connection', 10_000) },
      'unreachable',
      'connection.',
    ],
    ['a slow list', { waitingSince: NOW - 3_000 }, 'reconnecting', 'The API server is slow to answer.'],
    ['a list under way', { waitingSince: NOW - 2_999 }, 'live', null],
    ['no right', { listTrouble: trouble('forbidden', 0) }, 'forbidden', 'forbidden.'],
    [
      'a lost right, with data',
      { ...OLD_PROOF, listTrouble: trouble('forbidden', 0) },
      'forbidden',
      'forbidden.',
    ],
    [
      'an expired login',
      { listTrouble: trouble('unauthenticated', 0) },
      'unauthenticated',
      'unauthenticated.',
    ],
    ['a missing kind', { listTrouble: trouble('not-installed', 0) }, 'not-installed', 'not-installed.'],
    [
      'a blip after a kind was found missing',
      { ...ABSENT, listTrouble: trouble('connection', 1_000) },
      'not-installed',
      'It is not served.',
    ],
    [
      'an outage after a kind was found missing',
      { ...ABSENT, listTrouble: trouble('connection', 10_000) },
      'unreachable',
      'connection.',
    ],
    [
      'no cluster',
      { ...NEVER_LISTED, listTrouble: trouble('not-configured', 0) },
      'not-configured',
      'not-configured.',
    ],
  ])('%s', (_case, changes, state, problem) => {
    expect(resolveState(facts(changes), NOW, VIEW_TIMING)).toEqual({ state, problem });
  });
});
