import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Arm, ChatPath } from '@/lib/domain/vocabulary';
import { type FaultName, isFaultName } from '../lab/faults/faults';
import { type Lab, startLab } from '../lab/lab';
import { chatOn, heldByEngines, SHORT, textOf } from './chat-on-lab';
import { type DashboardOnLab, openDashboard, untilTrue } from './dashboard-on-lab';

/** The whole server core on a lab whose endpoints go wrong: each fault has a name of its own, and the other lane runs on. */
let lab: Lab;
let dashboard: DashboardOnLab;

beforeAll(async () => {
  lab = await startLab({ timeFactor: 0.001 });
  dashboard = openDashboard(lab);
  const usedPaths = () => dashboard.runtime.lanes().lanes.map(({ usedPath }) => usedPath);
  await untilTrue(() => String(usedPaths()) === 'route,gateway', 30_000);
  expect(usedPaths()).toEqual(['route', 'gateway']);
}, 60_000);
afterAll(async () => {
  await dashboard.stop();
  await lab.stop();
});
afterEach(async () => {
  for (const name of lab.faults.active()) if (isFaultName(name)) await lab.faults.end(name);
});

interface Row {
  fault: FaultName;
  aim: Arm | undefined;
  path: ChatPath;
  code: string;
  message: string | RegExp;
  upstreamStatus: number | null;
  /** Whether some of the answer had come. */
  keepsText: boolean;
  attempts: 1 | 2;
}

const row = (fault: FaultName, code: string, message: string | RegExp, more: Partial<Row> = {}): Row => ({
  fault,
  aim: 'distributed',
  path: 'gateway',
  code,
  message,
  upstreamStatus: 200,
  keepsText: false,
  attempts: 1,
  ...more,
});

const ROWS: Row[] = [
  row('answer-empty', 'ended-early', 'The endpoint answered 200 and nothing else.'),
  row('answer-reset', 'reset', 'The connection broke after 12 tokens.', { keepsText: true }),
  row('answer-early-end', 'ended-early', 'The answer ended without a finish mark after 12 tokens.', {
    keepsText: true,
  }),
  row(
    'answer-malformed',
    'malformed',
    'The stream carries something that is no chat chunk (not-json) after 12 tokens.',
    {
      keepsText: true,
    },
  ),
  row('answer-error', 'engine-error', 'The engine reported an error after 12 tokens.', { keepsText: true }),
  row('answer-400', 'context-too-long', /^Too long for this model: its context holds \d+ tokens/, {
    upstreamStatus: 400,
  }),
  row('answer-401', 'unauthorized', /credential \(401\)/, { upstreamStatus: 401 }),
  row('answer-429', 'rate-limited', 'Too many requests (429). It asks to wait 5 s.', { upstreamStatus: 429 }),
  row('answer-503', 'unavailable', /\(503\)/, { upstreamStatus: 503, attempts: 2 }),
  row('wrong-model', 'wrong-model', /does not serve a model named mistral-3-distributed \(404\)/, {
    upstreamStatus: 404,
  }),
  row('gateway-500', 'gateway-error', /\(500\)/, { aim: undefined, upstreamStatus: 500 }),
  row('endpoint-503', 'unavailable', 'No answer (503): the router has no ready endpoint.', {
    aim: 'baseline',
    path: 'route',
    upstreamStatus: 503,
    attempts: 2,
  }),
];

describe('an endpoint that fails in a race', () => {
  it.each(ROWS)('$fault is "$code" in its lane, and the other lane runs on', async (expected) => {
    const { fault, aim, path, keepsText, attempts } = expected;
    await lab.faults.start(fault, aim === undefined ? {} : { arm: aim });
    const raceId = `race-${fault}`;
    const { runtime } = dashboard;
    const failing = aim ?? 'distributed';
    const lane = chatOn(runtime, failing, { raceId, path });
    const otherLane = chatOn(runtime, failing === 'baseline' ? 'distributed' : 'baseline', { raceId });
    const events = await lane.all;
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      code: expected.code,
      message:
        typeof expected.message === 'string' ? expected.message : expect.stringMatching(expected.message),
      upstreamStatus: expected.upstreamStatus,
      attempts,
    });
    expect(textOf(events) !== '').toBe(keepsText);
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(attempts - 1);
    expect(await otherLane.last).toMatchObject({
      type: 'end',
      finishReason: 'length',
      completionTokens: SHORT.maxTokens,
    });
    // Nothing is left behind in any engine.
    await untilTrue(() => heldByEngines(lab, 'distributed') + heldByEngines(lab, 'baseline') === 0, 1_000);
    expect(heldByEngines(lab, 'distributed') + heldByEngines(lab, 'baseline')).toBe(0);
  });
});

describe('an answer of another form', () => {
  it('answer-merged: eight tokens share a chunk, and are counted as eight', async () => {
    await lab.faults.start('answer-merged', { arm: 'baseline' });
    const events = await chatOn(dashboard.runtime, 'baseline').all;
    const deltas = events.filter(({ type }) => type === 'text-delta');
    const end = events.at(-1);
    expect(deltas.length).toBeLessThanOrEqual(4);
    expect(end).toMatchObject({ type: 'end', completionTokens: 24, relay: { chunks: deltas.length } });
    const [first, last] = [deltas[0], deltas.at(-1)];
    if (first?.type !== 'text-delta' || last?.type !== 'text-delta' || end?.type !== 'end') throw new Error();
    expect(end.meanItlMs).toBeCloseTo((last.atMs - first.atMs) / 23, 2);
  });

  it('answer-without-usage: what can be said is said, token counts are not', async () => {
    await lab.faults.start('answer-without-usage', { arm: 'baseline' });
    const end = await chatOn(dashboard.runtime, 'baseline').last;
    expect(end).toMatchObject({
      type: 'end',
      promptTokens: null,
      completionTokens: null,
      meanItlMs: null,
      tokensPerSecond: null,
    });
    expect(end.ttftMs).toBeGreaterThan(0);
    expect(end.e2eMs).toBeGreaterThan(end.ttftMs ?? 0);
  });

  it('answer-cached-tokens: a prompt that was read before is reported as cached, where the engine reports it', async () => {
    const long = { messages: [{ role: 'user' as const, content: 'Read this twice. '.repeat(200) }] };
    expect(await chatOn(dashboard.runtime, 'baseline', long).last).toMatchObject({
      cachedPromptTokens: null,
    });
    await lab.faults.start('answer-cached-tokens', { arm: 'baseline' });
    const again = await chatOn(dashboard.runtime, 'baseline', long).last;
    expect(again.cachedPromptTokens).toBeGreaterThan(100);
  });
});

describe('an answer nobody waits for any more', () => {
  const gone = async (arm: Arm): Promise<number> => {
    const since = performance.now();
    await untilTrue(() => heldByEngines(lab, arm) === 0, 5_000);
    return performance.now() - since;
  };

  it.each([
    ['in mid-answer', null, 'text-delta'],
    ['before its first token', 'answer-silent', 'start'],
    ['after it stalled', 'answer-stall', 'text-delta'],
  ] as const)('leaves the engine within a second: stopped %s', async (_when, fault, event) => {
    if (fault !== null) await lab.faults.start(fault, { arm: 'baseline' });
    const chat = chatOn(dashboard.runtime, 'baseline', { maxTokens: 2_000 });
    await chat.first(event);
    chat.leave();
    expect(await gone('baseline')).toBeLessThan(1_000);
  });
});

describe('limits', () => {
  it('refuse the fifth answer of a page before anything is sent upstream', async () => {
    const { runtime } = dashboard;
    const chats = Array.from({ length: 4 }, () =>
      chatOn(runtime, 'baseline', { maxTokens: 200 }, 'page limits'),
    );
    await Promise.all(chats.map((chat) => chat.first('text-delta')));
    expect(heldByEngines(lab, 'baseline')).toBe(4);
    expect(() => chatOn(runtime, 'baseline', {}, 'page limits')).toThrow(/Stop one, or wait/);
    expect(heldByEngines(lab, 'baseline')).toBe(4);
    for (const chat of chats) chat.leave();
    await untilTrue(() => heldByEngines(lab, 'baseline') === 0, 2_000);
    // The places are free again.
    expect(await chatOn(runtime, 'baseline', { maxTokens: 2 }, 'page limits').last).toMatchObject({
      type: 'end',
    });
  });
});

describe('the pod that answered', () => {
  it('is told after the answer where the service has one pod, and how it is known', async () => {
    const leaving = new AbortController();
    const stream = dashboard.runtime.hub.connect(leaving.signal);
    if (stream === null) throw new Error('no stream');
    const chat = chatOn(dashboard.runtime, 'baseline', { maxTokens: 2 });
    const start = await chat.first('start');
    let heard = '';
    for await (const bytes of stream) {
      heard += new TextDecoder().decode(bytes);
      if (heard.includes('event: served-by')) break;
    }
    leaving.abort();
    const data = /event: served-by\ndata: (.*)/.exec(heard)?.[1] ?? '{}';
    expect(JSON.parse(data)).toEqual({
      requestId: start?.type === 'start' ? start.requestId : '',
      pod: expect.stringMatching(/^mistral-3-int4-predictor-/),
      method:
        'being alone: no other pod of this service was ready from the question to the end of the answer',
    });
  });
});
