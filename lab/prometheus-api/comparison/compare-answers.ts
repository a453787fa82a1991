/** What two servers say to one query, reduced to what has to agree. */
import { z } from 'zod';

const point = z.tuple([z.number(), z.string()]);
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.enum(['scalar', 'string']), result: point }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: point })),
      }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(point) })),
      }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);
export type Answer = z.infer<typeof answerSchema>;

export function parseAnswer(json: unknown): Answer {
  return answerSchema.parse(json);
}

/** Relative. */
const TOLERANCE = 1e-9;
/** Below this a difference is rounding of terms that cancel out. */
const NOISE = 1e-12;

/** The first thing two answers disagree in. */
export type Difference =
  | { in: 'outcome'; real: string; ours: string }
  | { in: 'series'; labels: string; onlyIn: 'real' | 'ours' }
  | { in: 'value'; labels: string; timeSeconds: number; real: string; ours: string };

/** Null when both say the same. Refusals agree when their kind does; their words are tested elsewhere. */
export function differenceOf(real: Answer, ours: Answer): Difference | null {
  const [realOutcome, oursOutcome] = [outcomeOf(real), outcomeOf(ours)];
  if (realOutcome !== oursOutcome) {
    return { in: 'outcome', real: described(real, realOutcome), ours: described(ours, oursOutcome) };
  }
  const [realSeries, oursSeries] = [seriesOf(real), seriesOf(ours)];
  for (const labels of new Set([...realSeries.keys(), ...oursSeries.keys()])) {
    const [theirs, own] = [realSeries.get(labels), oursSeries.get(labels)];
    if (theirs === undefined || own === undefined) {
      return { in: 'series', labels, onlyIn: own === undefined ? 'real' : 'ours' };
    }
    for (const timeSeconds of new Set([...theirs.keys(), ...own.keys()])) {
      const [a = 'nothing', b = 'nothing'] = [theirs.get(timeSeconds), own.get(timeSeconds)];
      if (!isClose(a, b)) return { in: 'value', labels, timeSeconds, real: a, ours: b };
    }
  }
  return null;
}

export function hasValues(answer: Answer): boolean {
  return answer.status === 'success' && seriesOf(answer).size > 0;
}

/** Type of the result, or of the error. */
function outcomeOf(answer: Answer): string {
  return answer.status === 'error' ? answer.errorType : answer.data.resultType;
}

function described(answer: Answer, outcome: string): string {
  return answer.status === 'error' ? `${outcome}: ${answer.error}` : outcome;
}

function isClose(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [Number(a), Number(b)];
  const distance = Math.abs(left - right);
  return distance <= NOISE || distance <= TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
}

/** Values by time, by labels. */
function seriesOf(answer: Answer): Map<string, Map<number, string>> {
  if (answer.status === 'error') return new Map();
  const { data } = answer;
  switch (data.resultType) {
    case 'scalar':
    case 'string':
      return new Map([[data.resultType, new Map([data.result])]]);
    case 'vector':
      return new Map(data.result.map(({ metric, value }) => [keyOf(metric), new Map([value])]));
    case 'matrix':
      return new Map(data.result.map(({ metric, values }) => [keyOf(metric), new Map(values)]));
    default:
      return data satisfies never;
  }
}

function keyOf(metric: Record<string, string>): string {
  return JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
}
