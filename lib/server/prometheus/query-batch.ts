import 'server-only';
import type { PrometheusAnswer, PrometheusClient, TimeGrid } from './client';
import type { WireQueryData } from './wire';

/** Longest query sent as one, percent-encoded. A GET passes proxies whose buffers hold 16 KiB of head (metrics §9.2: no POST). */
const MAX_ENCODED_LENGTH = 11_000;
/** Tells the members of a batch apart in the answer. */
const MEMBER = 'asked';

/** One moment, or one grid: what is asked together must be the same. */
export type AskedTime = { at: number } | { grid: TimeGrid };

/**
 * Asks many questions with few requests: what is asked within one turn of the event loop goes out together, each as
 * `label_replace(<query>, "asked", "<n>", …)`, joined by `or`. A member's query stands in the request unchanged.
 */
export interface QueryBatch {
  instant(promql: string): Promise<PrometheusAnswer<WireQueryData>>;
  range(promql: string, grid: TimeGrid): Promise<PrometheusAnswer<WireQueryData>>;
}

interface Question {
  promql: string;
  time: AskedTime;
  answer: (answer: PrometheusAnswer<WireQueryData>) => void;
  fail: (error: unknown) => void;
}

export function createQueryBatch(
  client: PrometheusClient,
  atSeconds: number,
  signal?: AbortSignal,
): QueryBatch {
  const known = new Map<string, Promise<PrometheusAnswer<WireQueryData>>>();
  let waiting: Question[] = [];

  const send = (promql: string, time: AskedTime): Promise<PrometheusAnswer<WireQueryData>> =>
    'at' in time ? client.query(promql, time.at, signal) : client.queryRange(promql, time.grid, signal);

  async function settle(members: readonly Question[], time: AskedTime): Promise<void> {
    const [only] = members;
    if (only !== undefined && members.length === 1) {
      only.answer(await send(only.promql, time));
      return;
    }
    const answer = await send(joinQueries(members.map(({ promql }) => promql)), time);
    // One bad member spoils the batch: each is asked by itself then, so that the others have their answer.
    if (!answer.ok && answer.problem.kind === 'refused') {
      await Promise.all(members.map((member) => settle([member], time)));
      return;
    }
    for (const [index, member] of members.entries()) {
      member.answer(answer.ok ? { ...answer, value: pick(answer.value, String(index)) } : answer);
    }
  }

  function flush(): void {
    const asked = waiting;
    waiting = [];
    const byTime = new Map<string, Question[]>();
    for (const question of asked) {
      const key = JSON.stringify(question.time);
      byTime.set(key, [...(byTime.get(key) ?? []), question]);
    }
    for (const questions of byTime.values()) {
      for (const members of inBatches(questions)) {
        const [first] = members;
        if (first === undefined) continue;
        settle(members, first.time).catch((error: unknown) => {
          for (const member of members) member.fail(error);
        });
      }
    }
  }

  function ask(promql: string, time: AskedTime): Promise<PrometheusAnswer<WireQueryData>> {
    const key = `${JSON.stringify(time)} ${promql}`;
    const asked = known.get(key);
    if (asked !== undefined) return asked;
    const answer = new Promise<PrometheusAnswer<WireQueryData>>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ promql, time, answer: resolve, fail: reject });
    });
    known.set(key, answer);
    return answer;
  }

  return {
    instant: (promql) => ask(promql, { at: atSeconds }),
    range: (promql, grid) => ask(promql, { grid }),
  };
}

/** Every sample carries the number of its member; `or` keeps all, since no two label sets are the same. */
export function joinQueries(queries: readonly string[]): string {
  return queries
    .map((promql, index) => `label_replace(${promql}, "${MEMBER}", "${index}", "${MEMBER}", ".*")`)
    .join(' or ');
}

/** In order, each as full as its length allows. */
function inBatches(questions: readonly Question[]): Question[][] {
  const batches: Question[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const question of questions) {
    const own = new URLSearchParams({ or: joinQueries([question.promql]) }).toString().length + 4;
    const last = batches.at(-1);
    if (last !== undefined && length + own <= MAX_ENCODED_LENGTH) {
      last.push(question);
      length += own;
    } else {
      batches.push([question]);
      length = own;
    }
  }
  return batches;
}

function pick(data: WireQueryData, member: string): WireQueryData {
  const isOwn = ({ metric }: { metric: Record<string, string> }): boolean => metric[MEMBER] === member;
  const plain = <T extends { metric: Record<string, string> }>(sample: T): T => {
    const { [MEMBER]: _, ...metric } = sample.metric;
    return { ...sample, metric };
  };
  switch (data.resultType) {
    case 'vector':
      return { resultType: 'vector', result: data.result.filter(isOwn).map(plain) };
    case 'matrix':
      return { resultType: 'matrix', result: data.result.filter(isOwn).map(plain) };
    case 'scalar':
    case 'string':
      return { resultType: 'vector', result: [] };
  }
}
