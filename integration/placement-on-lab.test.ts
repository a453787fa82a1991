/** Placement's parts where the real core meets the lab: the story of a lost pod, the trees, GPU figures and a log. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PodLogEvent } from '@/lib/contracts/pod-log';
import type { Placement } from '@/lib/domain/placement';
import { type Lab, startLab } from '../lab/lab';
import { type DashboardOnLab, openDashboard, untilTrue } from './dashboard-on-lab';

let lab: Lab;
let dashboard: DashboardOnLab;

beforeAll(async () => {
  lab = await startLab({ timeFactor: 0.02 });
  dashboard = openDashboard(lab);
  // Every kind has its own watch; the trees are complete when all of them have listed.
  await untilTrue(() => placement().services.length >= 21 && placement().activity.length > 0);
}, 60_000);

afterAll(async () => {
  await dashboard.stop();
  await lab.stop();
});

function placement(): Placement {
  return dashboard.runtime.hub.current().placement;
}

async function readLog(uid: string, until: (event: PodLogEvent) => boolean): Promise<PodLogEvent[]> {
  const leaving = new AbortController();
  const events: PodLogEvent[] = [];
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of dashboard.runtime.podLog({ uid }, leaving.signal)) {
    text += decoder.decode(chunk, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      if (frame.startsWith('data: ')) events.push(JSON.parse(frame.slice(6)) as PodLogEvent);
    }
    const last = events.at(-1);
    if (last !== undefined && until(last)) break;
  }
  leaving.abort();
  return events;
}

test('every object of both services hangs from its owner, each with its state in words', () => {
  const kinds = (arm: string) =>
    placement()
      .services.filter((object) => object.arm === arm)
      .map(({ kind }) => kind);
  expect(kinds('baseline')).toEqual([
    'InferenceService',
    'Deployment',
    'ReplicaSet',
    'Pod',
    'HorizontalPodAutoscaler',
    'Route',
    'Service',
    'Service',
  ]);
  expect(kinds('distributed')).toEqual([
    'LLMInferenceService',
    'Deployment',
    'ReplicaSet',
    'Pod',
    'Pod',
    'Deployment',
    'ReplicaSet',
    'Pod',
    'HTTPRoute',
    'InferencePool',
    'Service',
    'Service',
    'Service',
  ]);
  const uids = new Set(placement().services.map(({ uid }) => uid));
  expect(placement().services.every(({ parent }) => parent === null || uids.has(parent))).toBe(true);
  expect(placement().services.filter(({ finding }) => finding === '')).toEqual([]);
});

test('the GPU of each engine is measured by the exporter’s series', async () => {
  await untilTrue(() => placement().activity.every(({ gpu }) => gpu !== null));
  for (const { gpu } of placement().activity) {
    expect(gpu?.utilizationRatio).toBeGreaterThanOrEqual(0);
    expect(gpu?.memoryUsedBytes).toBeGreaterThan(10 * 1024 ** 3);
    expect(gpu?.memoryTotalBytes).toBeGreaterThan(gpu?.memoryUsedBytes ?? 0);
    expect(gpu?.sampledAt).not.toBeNull();
  }
});

test('the log of an engine comes as it is printed', async () => {
  const pod = placement().pods.find(({ role }) => role === 'both');
  const events = await readLog(pod?.uid ?? '', ({ type }) => type === 'lines');
  expect(events[0]).toMatchObject({ type: 'start', pod: pod?.name, container: 'main' });
  const lines = events.flatMap((event) => (event.type === 'lines' ? event.lines : []));
  expect(lines.some((line) => line.includes('vLLM API server version'))).toBe(true);
});

test('a lost pod and its successor are one story with its times in order', { timeout: 60_000 }, async () => {
  const victim = placement().pods.find(({ role }) => role === 'both');
  if (victim === undefined) throw new Error('no distributed pod');
  lab.killPod(victim.name, victim.namespace);
  const successor = () => placement().stories.find(({ replaces }) => replaces?.uid === victim.uid);
  await untilTrue(() => successor()?.readyAt != null, 45_000);
  const story = successor();
  const times = [story?.createdAt, story?.scheduledAt, story?.startedAt, story?.readyAt].map((time) =>
    Date.parse(time ?? ''),
  );
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(placement().stories.find(({ uid }) => uid === victim.uid)?.goneAt).not.toBeNull();
  expect(placement().statement.text).toBe(
    '2 replicas, each the whole model, on 2 different g6.4xlarge nodes',
  );
});
