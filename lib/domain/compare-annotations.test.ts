import { describe, expect, it } from 'vitest';
import { type AnnotationInput, toAnnotations } from './compare-annotations';
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
