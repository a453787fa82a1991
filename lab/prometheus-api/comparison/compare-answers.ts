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

/** Null when both say the same; otherwise the first difference in words. */
export function differenceOf(real: Answer, ours: Answer): string | null {
  if (real.status === 'error' || ours.status === 'error') {
    const [realText, oursText] = [real, ours].map((answer) =>
      answer.status === 'error' ? `${answer.errorType}: ${answer.error}` : 'success',
    );
    const isSame = real.status === ours.status && errorTypeOf(real) === errorTypeOf(ours);
    return isSame ? null : `real ${realText}, ours ${oursText}`;
  }
  if (real.data.resultType !== ours.data.resultType) {
    return `real ${real.data.resultType}, ours ${ours.data.resultType}`;
  }
  const [realSeries, oursSeries] = [seriesOf(real), seriesOf(ours)];
  for (const key of new Set([...realSeries.keys(), ...oursSeries.keys()])) {
    const [theirs, own] = [realSeries.get(key), oursSeries.get(key)];
    if (theirs === undefined || own === undefined) {
      return `${key} is only ${own === undefined ? 'in the real answer' : 'in ours'}`;
    }
    for (const time of new Set([...theirs.keys(), ...own.keys()])) {
      const [a, b] = [theirs.get(time), own.get(time)];
      if (a === undefined || b === undefined || !isClose(a, b)) {
        return `${key} at ${time}: real ${a ?? 'nothing'}, ours ${b ?? 'nothing'}`;
      }
    }
  }
  return null;
}

export function hasValues(answer: Answer): boolean {
  return answer.status === 'success' && seriesOf(answer).size > 0;
}

function errorTypeOf(answer: Answer): string | null {
  return answer.status === 'error' ? answer.errorType : null;
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
