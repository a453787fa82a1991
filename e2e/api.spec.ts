/** The dashboard's own HTTP API in the contract's shapes, read with the very schemas the browser uses. */
import { chatEventSchema } from '@/lib/contracts/chat';
import { chatLanesSchema } from '@/lib/contracts/chat-lanes';
import { compareSchema } from '@/lib/contracts/compare';
import { guidellmFilesSchema } from '@/lib/contracts/guidellm';
import { liveEventSchema } from '@/lib/contracts/live-event';
import { problemSchema } from '@/lib/contracts/problem';
import { promptsSchema } from '@/lib/contracts/prompts';
import type { ChatEvent } from '@/lib/domain/chat';
import { METRIC_IDS } from '@/lib/domain/vocabulary';
import { expect, test } from './fixtures';
import { rawRequest } from './raw-http';
import type { Stage } from './stage';

/** Gate ids that others rely on (contract, "Gates"). */
const CONTRACT_GATES = [
  'cluster-version',
  'gpu-nodes',
  'gpu-operator',
  'gpu-capacity',
  'llminferenceservice-api',
  'llminferenceservice-schema',
  'leaderworkerset-api',
  'gatewayclass',
  'inference-gateway-object',
  'maas-inferencegateway-absent',
  'connectivity-link',
  'kueue-clusterqueue',
  'kueue-localqueue',
  'rhoai-platform',
  'baseline-ready',
  'baseline-answers',
  'distributed-ready',
  'distributed-pods',
  'distributed-distinct-nodes',
  'distributed-scheduler',
  'distributed-route',
  'distributed-answers',
  'metrics-source',
  'metrics-baseline',
  'metrics-distributed',
  'benchmark-job',
  'argocd-application',
];

interface ChatAnswer {
  status: number;
  contentType: string;
  text: string;
  events: ChatEvent[];
}

async function chat(stage: Stage, body: unknown): Promise<ChatAnswer> {
  const response = await fetch(`${stage.url}/api/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => chatEventSchema.parse(JSON.parse(line.slice(6))));
  return { status: response.status, contentType: response.headers.get('content-type') ?? '', text, events };
}

test('status, checklist and placement answer in their shapes, simulated, with evidence for every verdict', async ({
  stage,
}) => {
  const status = await stage.status();
  expect(status.mode).toBe('simulated');
  expect(status.sources.map(({ id }) => id)).toEqual(['cluster', 'metrics', 'baseline', 'distributed']);

  const checklist = await stage.checklist();
  expect(checklist.gates.map(({ id }) => id)).toEqual(expect.arrayContaining(CONTRACT_GATES));
  for (const gate of checklist.gates) {
    const mayLackEvidence = ['blocked', 'not-configured', 'syncing'].includes(gate.reason ?? '');
    expect(gate.evidence.length > 0 || mayLackEvidence, `${gate.id} has no evidence`).toBe(true);
    expect(JSON.stringify(gate.evidence.map(({ excerpt }) => excerpt)).length).toBeLessThan(16 * 1024);
    expect(gate.command, gate.id).toMatch(/^(oc|curl) /);
  }

  const placement = await stage.placement();
  expect(placement.statement).toMatchObject({
    kind: 'replicas',
    text: '2 replicas, each the whole model, on 2 different g6.4xlarge nodes',
    verdict: 'pass',
  });
  expect(placement.nodes).toHaveLength(3);
  expect(placement.foldedNodes).toBe(6);
});

test('the report takes every gate with its evidence away, as Markdown and as JSON', async ({ stage }) => {
  const { gates } = await stage.checklist();
  const markdown = await rawRequest(stage.url, { path: '/api/checklist/report?format=markdown' });
  expect(markdown.headers['content-disposition']).toBe('attachment; filename="checklist.md"');
  for (const { title } of gates) expect(markdown.body).toContain(title);
  const json = await rawRequest(stage.url, { path: '/api/checklist/report?format=json' });
  expect((JSON.parse(json.body) as { gates: unknown[] }).gates).toHaveLength(gates.length);
  expect((await rawRequest(stage.url, { path: '/api/checklist/report?format=pdf' })).status).toBe(400);
});

test('compare answers a past window that does not move, and the curves of single pods where they are asked for', async ({
  stage,
}) => {
  const ask = async (end: string) =>
    (await rawRequest(stage.url, { path: `/api/compare?window=1m&end=${end}&breakdown=1` })).body;
  const partsAt = async () => {
    const end = new Date().toISOString();
    const body = await ask(end);
    const compare = compareSchema.parse(JSON.parse(body));
    expect(compare.range).toMatchObject({ to: end, isPinned: true });
    expect(await ask(end)).toBe(body);
    const running = compare.metrics.find(({ id }) => id === 'running')?.arms[1];
    return running?.breakdown.map(({ by, points }) => [by, points.length > 0]);
  };
  await expect.poll(partsAt, { timeout: 20_000 }).toEqual([
    ['pod', true],
    ['pod', true],
  ]);
});

test('benchmark results are an empty list where none are configured', async ({ stage }) => {
  const answer = await rawRequest(stage.url, { path: '/api/guidellm' });
  expect(guidellmFilesSchema.parse(JSON.parse(answer.body))).toMatchObject({
    path: null,
    runs: [],
    problems: [],
  });
});

test('compare answers every window and percentile with both arms of all nine metrics', async ({ stage }) => {
  for (const query of ['', '?window=1m&percentile=50', '?window=6h&percentile=99']) {
    const answer = await rawRequest(stage.url, { path: `/api/compare${query}` });
    const compare = compareSchema.parse(JSON.parse(answer.body));
    expect(compare.metrics.map(({ id }) => id)).toEqual([...METRIC_IDS]);
    for (const { arms } of compare.metrics) {
      expect(arms.map(({ arm }) => arm)).toEqual(['baseline', 'distributed']);
      for (const series of arms) {
        expect(series.promql).not.toBe('');
        expect(series.presence === 'ok' || series.absentBecause !== null).toBe(true);
      }
    }
  }
});

test('events greet, give a whole snapshot, then beat and patch', async ({ stage }) => {
  test.setTimeout(30_000);
  const text = await stage.readEvents(6);
  const events = text
    .split('\n\n')
    .slice(0, 6)
    .map((frame) => {
      const type = /^event: (.+)$/m.exec(frame)?.[1];
      const data = /^data: (.+)$/m.exec(frame)?.[1] ?? '{}';
      return liveEventSchema.parse({ type, ...(JSON.parse(data) as object) });
    });
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'snapshot']);
  expect(events[0]).toMatchObject({ mode: 'simulated', heartbeatMs: 5_000 });
  const sequence = events.flatMap((event) => ('seq' in event ? [event.seq] : []));
  expect(sequence).toEqual([...sequence].sort((a, b) => a - b));
});

test('a chat starts, streams, measures and ends exactly once', async ({ stage }) => {
  const answer = await chat(stage, {
    arm: 'distributed',
    messages: [{ role: 'user', content: 'What does the endpoint picker do?' }],
    maxTokens: 24,
    temperature: 0,
  });
  expect(answer.status).toBe(200);
  expect(answer.contentType).toContain('text/event-stream');
  const [start] = answer.events;
  expect(start).toMatchObject({
    type: 'start',
    arm: 'distributed',
    path: 'gateway',
    schedulerInPath: true,
    startSkewMs: null,
  });
  const end = answer.events.at(-1);
  expect(end).toMatchObject({
    type: 'end',
    finishReason: 'length',
    completionTokens: 24,
    schedulerSeen: true,
    servedBy: null,
  });
  expect(answer.events.filter(({ type }) => type === 'end' || type === 'error')).toHaveLength(1);
  if (end?.type !== 'end') return;
  const arrivals = answer.events.flatMap((event) => (event.type === 'text-delta' ? [event.atMs] : []));
  expect(end.ttftMs).toBe(arrivals[0]);
  const lastAtMs = arrivals.at(-1) ?? 0;
  expect(end.meanItlMs).toBeCloseTo((lastAtMs - (end.ttftMs ?? 0)) / 23, 0);
  expect(end.tokensPerSecond).toBeCloseTo(1_000 / (end.meanItlMs ?? 1), 0);
  expect(end.e2eMs).toBeGreaterThanOrEqual(lastAtMs);
});

test('the Route reaches the same pods and says that it passes the scheduler by', async ({ stage }) => {
  const answer = await chat(stage, {
    arm: 'distributed',
    path: 'route',
    messages: [{ role: 'user', content: 'One word?' }],
    maxTokens: 2,
  });
  expect(answer.events[0]).toMatchObject({ path: 'route', schedulerInPath: false });
  expect(answer.events.at(-1)).toMatchObject({ type: 'end', schedulerSeen: false });
});

test('GET /api/chat/lanes and /api/prompts tell what a lane is, what a chat may cost, and what can be asked', async ({
  stage,
}) => {
  const lanes = await rawRequest(stage.url, { path: '/api/chat/lanes' });
  const { lanes: told, limits } = chatLanesSchema.parse(JSON.parse(lanes.body));
  expect(told.map(({ arm, usedPath }) => [arm, usedPath])).toEqual([
    ['baseline', 'route'],
    ['distributed', 'gateway'],
  ]);
  for (const { facts } of told) {
    expect(facts.map(({ id }) => id)).toEqual([
      'model',
      'quantization',
      'context',
      'replicas',
      'gpus',
      'engine',
    ]);
    for (const { value, source } of facts) expect([value, source]).not.toContain(null);
  }
  expect(limits).toMatchObject({ maxTokens: 4096, concurrentPerSession: 4, concurrentInAll: 32 });
  const prompts = await rawRequest(stage.url, { path: '/api/prompts' });
  expect(promptsSchema.parse(JSON.parse(prompts.body))).toMatchObject({ source: 'shipped', problem: null });
});

test('a race sends both lanes in one tick', async ({ stage }) => {
  const raceId = crypto.randomUUID();
  const lane = (arm: string) =>
    chat(stage, { arm, raceId, messages: [{ role: 'user', content: 'Race.' }], maxTokens: 4 });
  const [baseline, distributed] = await Promise.all([lane('baseline'), lane('distributed')]);
  const skews = [baseline, distributed].map(({ events: [start] }) =>
    start?.type === 'start' ? start.startSkewMs : null,
  );
  expect(skews[0]).not.toBeNull();
  expect(skews[0]).toBe(skews[1]);
});

test('bad input is refused with a code, a message and the field', async ({ stage }) => {
  const good = { arm: 'baseline', messages: [{ role: 'user', content: 'x' }] };
  const cases: [unknown, number, string | undefined][] = [
    [{ ...good, arm: 'nobody' }, 404, 'arm'],
    [{ ...good, messages: [] }, 400, 'messages'],
    [{ ...good, messages: [{ role: 'wizard', content: 'x' }] }, 400, 'messages.0.role'],
    [{ ...good, path: 'tunnel' }, 400, 'path'],
    [{ ...good, maxTokens: 1e9 }, 400, 'maxTokens'],
    [{ ...good, temperature: 'hot' }, 400, 'temperature'],
    [{ ...good, n: 64 }, 400, 'n'],
  ];
  for (const [body, status, field] of cases) {
    const answer = await rawRequest(stage.url, {
      method: 'POST',
      path: '/api/chat',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, JSON.stringify(body)).toBe(status);
    expect(problemSchema.parse(JSON.parse(answer.body)).error.field).toBe(field);
  }
});
