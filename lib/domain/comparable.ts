import type { Compare } from './compare';
import { ARMS, type Arm, type Presence } from './vocabulary';

/** Fewer requests make a difference of chance. */
export const MIN_SAMPLES = 20;
/** Load and prompt shape may differ by this share before the arms no longer did the same work. */
export const MAX_IMBALANCE = 0.2;

/** What one arm did in the window, and on what it did it. */
export interface ArmConditions {
  presence: Presence;
  /** Why, where the presence is not `ok`. */
  absentBecause: string | null;
  /** Requests in the window. */
  samples: number | null;
  /** Time average of running plus waiting requests. */
  meanInFlight: number | null;
  meanPromptTokens: number | null;
  meanOutputTokens: number | null;
  /** The model both must share, whatever its precision; `null` when it is not known. */
  baseModel: string | null;
  /** Everything else that shapes the result, by name in words ("GPUs", "KV-cache type"); `null`: not known. */
  properties: Readonly<Record<string, string | null>>;
}

/**
 * Whether a difference between the arms means something (contract, "difference needs"). `because` holds what stands
 * against it, or, when nothing does, what it rests on.
 */
export function judgeComparable(conditions: Record<Arm, ArmConditions>): Compare['comparable'] {
  const against = [
    ...presenceProblems(conditions),
    ...sampleProblems(conditions),
    ...imbalance(conditions, 'requests in flight', (arm) => arm.meanInFlight),
    ...imbalance(conditions, 'prompt tokens', (arm) => arm.meanPromptTokens),
    ...imbalance(conditions, 'output tokens', (arm) => arm.meanOutputTokens),
    ...modelProblems(conditions),
  ];
  return {
    difference: against.length === 0,
    because: against.length === 0 ? [grounds(conditions)] : against,
    notEqual: unequalProperties(conditions),
  };
}

function presenceProblems(conditions: Record<Arm, ArmConditions>): string[] {
  return ARMS.flatMap((arm) => {
    const { presence, absentBecause } = conditions[arm];
    return presence === 'ok' ? [] : [`${arm}: ${absentBecause ?? presence}`];
  });
}

function sampleProblems(conditions: Record<Arm, ArmConditions>): string[] {
  return ARMS.flatMap((arm) => {
    const { presence, samples } = conditions[arm];
    // Without data there is a reason already.
    if (presence !== 'ok' || (samples !== null && samples >= MIN_SAMPLES)) return [];
    return samples === null
      ? [`${arm}: the number of requests is not known`]
      : [`${arm}: ${samples} requests in the window, ${MIN_SAMPLES} are needed`];
  });
}

function imbalance(
  conditions: Record<Arm, ArmConditions>,
  what: string,
  of: (arm: ArmConditions) => number | null,
): string[] {
  const { baseline, distributed } = conditions;
  if (baseline.presence !== 'ok' || distributed.presence !== 'ok') return [];
  const left = of(baseline);
  const right = of(distributed);
  if (left === null || right === null) return [`mean ${what}: not known in both arms`];
  const larger = Math.max(left, right);
  if (larger - Math.min(left, right) <= MAX_IMBALANCE * larger) return [];
  return [`mean ${what} differ by more than 20 %: ${short(left)} against ${short(right)}`];
}

function modelProblems({ baseline, distributed }: Record<Arm, ArmConditions>): string[] {
  if (baseline.baseModel === null || distributed.baseModel === null) {
    return ['whether both arms serve the same base model is not known'];
  }
  if (baseline.baseModel === distributed.baseModel) return [];
  return [`the base models differ: ${baseline.baseModel} against ${distributed.baseModel}`];
}

function grounds({ baseline, distributed }: Record<Arm, ArmConditions>): string {
  const pair = (of: (arm: ArmConditions) => number | null) =>
    `${short(of(baseline))} and ${short(of(distributed))}`;
  return `${pair((arm) => arm.samples)} requests of the same base model, ${pair((arm) => arm.meanInFlight)} in flight on average, ${pair((arm) => arm.meanPromptTokens)} prompt and ${pair((arm) => arm.meanOutputTokens)} output tokens`;
}

function unequalProperties({ baseline, distributed }: Record<Arm, ArmConditions>): string[] {
  const names = new Set([...Object.keys(baseline.properties), ...Object.keys(distributed.properties)]);
  return [...names].flatMap((name) => {
    const left = baseline.properties[name] ?? null;
    const right = distributed.properties[name] ?? null;
    return left === right ? [] : [`${name}: ${left ?? 'not known'} against ${right ?? 'not known'}`];
  });
}

/** Three significant digits are what such an average is good for. */
function short(value: number | null): string {
  return value === null ? 'not known' : String(Number(value.toPrecision(3)));
}
