import { describe, expect, it } from 'vitest';
import { type AnnotationInput, toAnnotations } from './compare-annotations';
import { parseGuidellm } from './guidellm-parse';
import { DEFAULT_SETTINGS } from './settings';
import { buildEnginePod, buildEvent, buildMeta, CREATED_AT } from './testing/build-objects';

const FROM = Date.parse('2025-12-29T14:00:00.000Z');
const TO = Date.parse('2025-12-29T14:15:00.000Z');

function annotate(input: Partial<AnnotationInput>) {
  return toAnnotations({
    settings: DEFAULT_SETTINGS,
    events: [],
    pods: [],
    loads: [],
    recorded: [],
    from: FROM,
    to: TO,
    ...input,
  });
}

const at = (time: string) => `2025-12-29T${time}Z`;
const pod = (name: string) => ({ kind: 'Pod', name, namespace: 'private-ai', uid: null });

describe('marks on the time axis', () => {
  it('are the telling Events of both arms, of pods that are gone too, oldest first', () => {
    const events = [
      buildEvent('b', at('14:05:00'), {
        reason: 'Killing',
        object: pod('mistral-3-distributed-kserve-x-gone1'),
      }),
      buildEvent('a', at('14:01:00'), {
        reason: 'FailedScheduling',
        type: 'Warning',
        object: pod('mistral-3-int4-predictor-abc-12345'),
      }),
      buildEvent('quiet', at('14:02:00'), {
        reason: 'Pulled',
        object: pod('mistral-3-int4-predictor-abc-12345'),
      }),
      buildEvent('foreign', at('14:02:00'), { reason: 'Killing', object: pod('somebody-else') }),
      buildEvent('early', at('13:59:59'), {
        reason: 'Killing',
        object: pod('mistral-3-int4-predictor-abc-12345'),
      }),
      buildEvent('timeless', null, { reason: 'Killing', object: pod('mistral-3-int4-predictor-abc-12345') }),
    ];
    expect(annotate({ events })).toEqual([
      {
        at: '2025-12-29T14:01:00.000Z',
        until: null,
        kind: 'event',
        arm: 'baseline',
        text: 'FailedScheduling: Pod mistral-3-int4-predictor-abc-12345',
        isWarning: true,
      },
      {
        at: '2025-12-29T14:05:00.000Z',
        until: null,
        kind: 'event',
        arm: 'distributed',
        text: 'Killing: Pod mistral-3-distributed-kserve-x-gone1',
        isWarning: false,
      },
    ]);
  });

  it('are what the lab announces of itself, in its own words', () => {
    const events = [
      buildEvent('s', at('14:03:00'), {
        reason: 'ScenarioChanged',
        message: 'The lab turns the cluster from healthy into bare',
        object: { kind: 'Namespace', name: 'private-ai', namespace: null, uid: null },
      }),
    ];
    expect(annotate({ events })).toMatchObject([
      { kind: 'lab', arm: null, text: 'The lab turns the cluster from healthy into bare' },
    ]);
  });

  it('are loads and benchmarks as spans: begun before the window, or still running', () => {
    const loads = [
      { arm: null, users: 8, startedAt: at('13:50:00'), endedAt: null },
      { arm: 'baseline' as const, users: 1, startedAt: at('13:40:00'), endedAt: at('13:59:00') },
    ];
    const job = (name: string, phase: string, finishedAt: string | null) => ({
      ...buildEnginePod(name, 'n1', { phase, startedAt: at('14:04:00') }),
      meta: buildMeta({
        name,
        labels: {
          app: 'guidellm',
          model: 'mistral-3-int4',
          'batch.kubernetes.io/job-name': 'guidellm-int4-1',
        },
      }),
      containerStatuses:
        finishedAt === null
          ? []
          : [
              {
                name: 'main',
                init: false,
                ready: false,
                restarts: 0,
                state: { kind: 'terminated' as const, reason: 'Completed', exitCode: 0, finishedAt },
                started: false,
                lastTermination: null,
              },
            ],
    });
    const pods = [job('running', 'Running', null), job('over', 'Succeeded', at('14:12:00'))];
    expect(annotate({ loads, pods }).map(({ kind, arm, text, until }) => [kind, arm, text, until])).toEqual([
      ['load', null, 'Load: 8 users', null],
      ['benchmark', 'baseline', 'Benchmark guidellm-int4-1', null],
      ['benchmark', 'baseline', 'Benchmark guidellm-int4-1', '2025-12-29T14:12:00.000Z'],
    ]);
  });

  it('say which stages a running benchmark’s arguments ask for, where they do', () => {
    const pod = {
      ...buildEnginePod('bench', 'n1', { phase: 'Running', startedAt: at('14:04:00') }),
      meta: buildMeta({ name: 'bench', labels: { app: 'guidellm', model: 'mistral-3-int4' } }),
    };
    const asked = (...args: string[]) =>
      annotate({ pods: [{ ...pod, containers: pod.containers.map((one) => ({ ...one, args })) }] })[0]?.text;
    expect(asked('exec guidellm benchmark --rate 1,3,5 --max-seconds 60')).toBe(
      'Benchmark bench, stages 1, 3, 5 of 60 s each',
    );
    expect(asked('--rate=8')).toBe('Benchmark bench, stages 8');
    expect(asked('--rate "$GUIDELLM_RATE"')).toBe('Benchmark bench');
  });

  it('are the stages of a benchmark that is over, as its file has them', () => {
    const file = (stages: readonly object[]) =>
      JSON.stringify({
        args: { target: 'http://x/private-ai/mistral-3-distributed' },
        benchmarks: stages.map((own) => ({ metrics: {}, ...own })),
      });
    const seconds = (time: string) => Date.parse(at(time)) / 1000;
    const stage = (strategy: object, time: string, errored: number, duration: number | null = 60) => ({
      config: { strategy },
      start_time: seconds(time),
      duration,
      metrics: { request_totals: { successful: 3, incomplete: 0, errored, total: 3 + errored } },
    });
    const text = file([
      stage({ type_: 'concurrent', streams: 1 }, '13:58:00', 0),
      stage({ type_: 'concurrent', streams: 3 }, '13:59:30', 0),
      stage({ type_: 'concurrent', streams: 5 }, '14:01:00', 2),
      stage({ type_: 'constant', rate: 2.5 }, '14:03:00', 0, null),
    ]);
    const read = parseGuidellm(text, 'run.json', DEFAULT_SETTINGS);
    if (!read.ok) throw new Error(read.problem.message);
    expect(annotate({ recorded: [read.run] })).toEqual([
      {
        at: '2025-12-29T13:59:30.000Z',
        until: '2025-12-29T14:00:30.000Z',
        kind: 'benchmark',
        arm: 'distributed',
        text: 'Benchmark stage 2 of 4: 3 users',
        isWarning: false,
      },
      {
        at: '2025-12-29T14:01:00.000Z',
        until: '2025-12-29T14:02:00.000Z',
        kind: 'benchmark',
        arm: 'distributed',
        text: 'Benchmark stage 3 of 4: 5 users',
        isWarning: true,
      },
      {
        at: '2025-12-29T14:03:00.000Z',
        until: '2025-12-29T14:03:00.000Z',
        kind: 'benchmark',
        arm: 'distributed',
        text: 'Benchmark stage 4 of 4: 2.5 requests/s (constant)',
        isWarning: false,
      },
    ]);
  });

  it('are at most thirty, the newest', () => {
    const events = Array.from({ length: 40 }, (_, index) =>
      buildEvent(
        `e${index}`,
        at(`14:${String(index % 15).padStart(2, '0')}:${String(index).padStart(2, '0')}`),
        {
          reason: 'Killing',
          object: pod('mistral-3-int4-predictor-abc-12345'),
        },
      ),
    );
    expect(annotate({ events })).toHaveLength(30);
    expect(CREATED_AT < at('14:15:00')).toBe(true);
  });
});
