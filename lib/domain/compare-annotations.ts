import type { Annotation } from './compare';
import type { GuidellmRun } from './guidellm';
import { stageName } from './guidellm-parse';
import { armOf, isSchedulerObject } from './objects/arms';
import type { KubeEvent, KubePod } from './objects/core';
import type { DemoSettings } from './settings';
import type { Arm, UnixMs } from './vocabulary';

/** More would hide the curves; the newest are kept. */
const MAX_ANNOTATIONS = 30;
/** What the lab announces of itself, as ordinary Events (contract, "The lab introduces itself"). */
const LAB_REASONS = ['ScenarioChanged', 'FaultStarted', 'FaultEnded'];
/** What changes an arm's curves; probes, pulls and the like of a healthy start are left out. */
const TELLING_REASONS = [
  'Killing',
  'Started',
  'Scheduled',
  'FailedScheduling',
  'Unhealthy',
  'BackOff',
  'Evicted',
  'Preempted',
  'NodeNotReady',
  'ScalingReplicaSet',
  'SuccessfulRescale',
  'Failed',
];

/** A load that someone started (background users of this dashboard). */
export interface LoadSpell {
  arm: Arm | null;
  users: number;
  startedAt: string;
  /** `null` while it runs. */
  endedAt: string | null;
}

export interface AnnotationInput {
  settings: DemoSettings;
  events: readonly KubeEvent[];
  /** Pods of the demo's namespace, those of benchmark jobs among them. */
  pods: readonly KubePod[];
  loads: readonly LoadSpell[];
  /** Result files of benchmarks: only when one is over does anything tell when its stages were (metrics §12). */
  recorded: readonly GuidellmRun[];
  from: UnixMs;
  to: UnixMs;
}

/** What happened while the curves ran, oldest first. */
export function toAnnotations(input: AnnotationInput): Annotation[] {
  const all = [
    ...input.events.flatMap((event) => fromEvent(event, input)),
    ...input.pods.flatMap((pod) => fromBenchmark(pod, input.settings)),
    ...input.recorded.flatMap(fromRecorded),
    ...input.loads.map(fromLoad),
  ];
  return all
    .filter((one) => Date.parse(one.at) <= input.to && endOf(one, input.to) >= input.from)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .slice(-MAX_ANNOTATIONS);
}

/** Events are moments; what lasts and has no end still runs. */
function endOf({ kind, at, until }: Annotation, to: UnixMs): UnixMs {
  if (kind === 'event' || kind === 'lab') return Date.parse(at);
  return until === null ? to : Date.parse(until);
}

function fromEvent(event: KubeEvent, input: AnnotationInput): Annotation[] {
  if (event.at === null) return [];
  const at = new Date(Date.parse(event.at)).toISOString();
  const moment = { at, until: null, isWarning: event.type === 'Warning' };
  if (LAB_REASONS.includes(event.reason)) {
    return [{ ...moment, kind: 'lab', arm: null, text: event.message }];
  }
  const arm = armOfObject(event, input);
  if (arm === null || !TELLING_REASONS.includes(event.reason)) return [];
  return [
    { ...moment, kind: 'event', arm, text: `${event.reason}: ${event.object.kind} ${event.object.name}` },
  ];
}

/** By the pod itself while it lives, else by its name, which begins with the service's. */
function armOfObject({ object }: KubeEvent, { settings, pods }: AnnotationInput): Arm | null {
  const pod = object.kind === 'Pod' ? pods.find(({ meta }) => meta.name === object.name) : undefined;
  if (pod !== undefined) {
    const arm = armOf(pod, settings);
    return arm === 'other' ? null : arm;
  }
  const belongs = (service: string): boolean =>
    object.name === service || object.name.startsWith(`${service}-`);
  if (belongs(settings.distributedName)) return 'distributed';
  return belongs(settings.baselineName) ? 'baseline' : null;
}

/** Pods of a benchmark: made by the CronJob, or labelled as the demo's dispatcher labels them (demo-environment §13). */
function fromBenchmark(pod: KubePod, settings: DemoSettings): Annotation[] {
  const { labels, name } = pod.meta;
  const job = labels['batch.kubernetes.io/job-name'] ?? labels['job-name'];
  const isBenchmark = labels.app === 'guidellm' || job?.startsWith(settings.benchmarkCronJob) === true;
  if (!isBenchmark || pod.startedAt === null || isSchedulerObject(pod.meta)) return [];
  const model = labels.model ?? '';
  const arm =
    model === settings.baselineName ? 'baseline' : model === settings.distributedName ? 'distributed' : null;
  return [
    {
      at: new Date(Date.parse(pod.startedAt)).toISOString(),
      until: endOfPod(pod),
      kind: 'benchmark',
      arm,
      text: `Benchmark ${job ?? name}${plannedStages(pod)}`,
      isWarning: pod.phase === 'Failed',
    },
  ];
}

/** The stages that its arguments ask for; which of them runs nobody tells, GuideLLM writes its file at the end. */
function plannedStages({ containers }: KubePod): string {
  const text = containers.flatMap(({ command, args }) => [...command, ...args]).join(' ');
  const levels = /--rate[= ]["']?(\d[\d.,]*)/.exec(text)?.[1];
  if (levels === undefined) return '';
  const seconds = /--max-seconds[= ]["']?(\d+)/.exec(text)?.[1];
  return `, stages ${levels.split(',').join(', ')}${seconds === undefined ? '' : ` of ${seconds} s each`}`;
}

function fromRecorded({ arm, stages }: GuidellmRun): Annotation[] {
  return stages.flatMap((stage, index) => {
    if (stage.startedAt === null) return [];
    const startMs = Date.parse(stage.startedAt);
    const { durationSeconds: seconds, requests } = stage;
    return [
      {
        at: new Date(startMs).toISOString(),
        // Without its length it is the moment of its beginning.
        until: new Date(startMs + (seconds ?? 0) * 1000).toISOString(),
        kind: 'benchmark',
        arm,
        text: `Benchmark stage ${index + 1} of ${stages.length}: ${stageName(stage)}`,
        isWarning: (requests.errored ?? 0) > 0,
      } satisfies Annotation,
    ];
  });
}

function endOfPod(pod: KubePod): string | null {
  const ends = pod.containerStatuses.flatMap(({ state }) =>
    state?.kind === 'terminated' && state.finishedAt !== null ? [Date.parse(state.finishedAt)] : [],
  );
  const isOver = pod.phase === 'Succeeded' || pod.phase === 'Failed';
  return isOver && ends.length > 0 ? new Date(Math.max(...ends)).toISOString() : null;
}

function fromLoad({ arm, users, startedAt, endedAt }: LoadSpell): Annotation {
  const text = `Load: ${users} ${users === 1 ? 'user' : 'users'}`;
  return { at: startedAt, until: endedAt, kind: 'load', arm, text, isWarning: false };
}
