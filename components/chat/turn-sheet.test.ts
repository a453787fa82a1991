import { describe, expect, it } from 'vitest';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import { aTurn } from '@/lib/domain/testing/build-chat';
import { toTurnSheet } from './turn-sheet';

const FACTS: LaneFacts = {
  arm: 'distributed',
  servedModelName: 'mistral-3-distributed',
  facts: [],
  configuredFacts: null,
  podsSeenAt: null,
  paths: [
    {
      path: 'gateway',
      url: 'https://gw/v1/chat/completions',
      usable: true,
      schedulerInPath: true,
      verifiesTls: true,
      connectsInsteadOfPort: null,
      finding: '',
    },
    {
      path: 'route',
      url: 'https://route/v1/chat/completions',
      usable: true,
      schedulerInPath: false,
      verifiesTls: false,
      connectsInsteadOfPort: null,
      finding: '',
    },
  ],
  usedPath: 'gateway',
  sendsKey: false,
  trustsOwnCa: false,
};

function curlOf(url: string, facts: LaneFacts | null = FACTS): unknown {
  const turn = aTurn({ start: { url } });
  const sheet = toTurnSheet({ name: 'llm-d', turn, before: [], facts, servedBy: null, mode: 'live' });
  const row = sheet.sections.flatMap(({ rows }) => rows).find(({ name }) => name === 'curl');
  return row !== undefined && 'value' in row ? row.value : null;
}

describe('the command of an answer', () => {
  it('verifies the certificate of every address but those that the dashboard does not verify', () => {
    expect(curlOf('https://route/v1/chat/completions')).toMatch(/^# -k: .*\ncurl .* -k 'https:\/\/route/);
    for (const facts of [FACTS, null])
      expect(curlOf('https://gw/v1/chat/completions', facts)).not.toMatch(/-k/);
    expect(curlOf('https://elsewhere/v1/chat/completions')).not.toMatch(/-k/);
  });
});
