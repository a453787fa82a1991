import { afterEach, describe, expect, test } from 'vitest';
import type { AnswerFault, EngineFaults, EngineOptions } from '../parts.ts';
import { type EngineServer, startEngineServer } from './engine-fixture.ts';

let server: EngineServer;
afterEach(() => server.close());

const MODEL = 'mistral-3-distributed';
const TOKENS = 12;

async function started(faults: Partial<EngineFaults>, options: Partial<EngineOptions> = {}): Promise<void> {
  server = await startEngineServer(options);
  server.engine.faults?.set(faults);
}

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const ask = (more: object = {}): Promise<Response> =>
  post('/v1/chat/completions', {
    model: MODEL,
    messages: [{ role: 'user', content: 'What is llm-d?' }],
    max_tokens: TOKENS,
    ignore_eos: true,
    ...more,
  });

interface Heard {
  status: number;
  events: string[];
  isCut: boolean;
}

/** What a client hears of a stream, to its end or its breach. */
async function hear(more: object = {}): Promise<Heard> {
  const response = await ask({ stream: true, ...more });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let isCut = false;
  try {
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) break;
      text += part.value;
    }
  } catch {
    isCut = true;
  }
  const events = text.split('\n\n').filter((event) => event !== '');
  return { status: response.status, events: events.map((event) => event.replace('data: ', '')), isCut };
}

interface Chunk {
  model: string;
  choices: { delta: Record<string, string>; finish_reason: string | null }[];
  usage?: { completion_tokens: number };
}
const chunks = ({ events }: Heard): Chunk[] =>
  events
    .filter((event) => event.startsWith('{"id"') && event.endsWith('}'))
    .map((event) => JSON.parse(event));
/** Output tokens so far: they stand still once the engine has let the request go. */
const generated = (): string | undefined =>
  /^vllm:generation_tokens_total\{.*\} (.*)$/m.exec(server.engine.metricsText())?.[1];

describe('a stream', () => {
  test('may be 200 and empty', async () => {
    await started({ answer: { kind: 'empty' } });
    expect(await server.during(hear())).toEqual({ status: 200, events: [], isCut: false });
  });

  test('may be reset after some tokens; the engine forgets the request', async () => {
    await started({ answer: { kind: 'reset', afterTokens: 3 } });
    const heard = await server.during(hear());
    expect(heard.isCut).toBe(true);
    expect(chunks(heard)).toHaveLength(1 + 3);
    await server.clock.advance(10_000);
    expect(Number(generated())).toBeLessThan(TOKENS);
    expect(server.engine.snapshot()).toEqual({ running: 0, waiting: 0, kvCacheUsageRatio: 0 });
  });

  test('may stall: what came stays, the connection too, and nothing follows', async () => {
    await started({ answer: { kind: 'stall', afterTokens: 3 } });
    const response = await server.during(ask({ stream: true }));
    const reader = response.body?.getReader();
    let text = '';
    while ((text.match(/data: /g) ?? []).length < 1 + 3) {
      const part = await server.during(reader?.read() ?? Promise.reject(new Error('no body')));
      text += Buffer.from(part.value ?? []).toString('utf8');
    }
    let hasMore = false;
    const more = reader?.read().then(
      () => {
        hasMore = true;
      },
      () => {},
    );
    await server.clock.advance(120_000);
    expect([hasMore, generated()]).toEqual([false, '4.0']);
    await reader?.cancel();
    await more;
  });

  test('may hold a chunk that is no JSON, and goes on', async () => {
    await started({ answer: { kind: 'malformed-chunk', afterTokens: 3 } });
    const heard = await server.during(hear());
    const broken = heard.events.filter((event) => event.startsWith('{"id"') && !event.endsWith('}'));
    expect(broken).toHaveLength(1);
    expect(() => JSON.parse(broken[0] ?? '')).toThrow();
    expect(heard.events.indexOf(broken[0] ?? '')).toBe(1 + 3);
    expect(chunks(heard)).toHaveLength(1 + TOKENS);
    expect(heard.events.at(-1)).toBe('[DONE]');
  });

  test('may end in an error object with status 200, as vLLM writes it', async () => {
    await started({ answer: { kind: 'error-object', afterTokens: 3 } });
    const heard = await server.during(hear());
    expect(heard.status).toBe(200);
    expect(heard.events.slice(-2)).toEqual([
      '{"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "type": "BadRequestError", "param": null, "code": 400}}',
      '[DONE]',
    ]);
    expect(chunks(heard)).toHaveLength(1 + 3);
  });

  test('may carry several tokens in a chunk', async () => {
    await started({ tokensPerChunk: 4 });
    const heard = chunks(
      await server.during(hear({ stream_options: { include_usage: true, continuous_usage_stats: true } })),
    );
    expect(heard.map(({ usage }) => usage?.completion_tokens)).toEqual([0, 1, 4, 8, 12, 12]);
  });

  test('is whole again once the fault is cleared', async () => {
    await started({ answer: { kind: 'reset', afterTokens: 0 }, slowdown: 3, modelId: 'other' });
    server.engine.faults?.clear();
    const heard = await server.during(hear());
    expect([heard.isCut, heard.events.at(-1), chunks(heard)[0]?.model]).toEqual([false, '[DONE]', MODEL]);
  });
});

describe('an answer that comes at once', () => {
  test.each<[AnswerFault, number, RegExp]>([
    [{ kind: 'empty' }, 200, /^$/],
    [{ kind: 'malformed-chunk', afterTokens: 3 }, 200, /"content":"$/],
    [{ kind: 'error-object', afterTokens: 3 }, 400, /^\{"error": \{"message": "EngineCore/],
  ])('%o', async (answer, status, body) => {
    await started({ answer });
    const response = await server.during(ask());
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(body);
  });

  test('may be cut off before it comes', async () => {
    await started({ answer: { kind: 'reset', afterTokens: 3 } });
    await expect(server.during(ask())).rejects.toThrow('fetch failed');
  });
});

test('an engine under a wrong name lists that name and does not know its own', async () => {
  await started({ modelId: 'somebody-else' });
  const models = (await (await fetch(`${server.url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(models.data.map(({ id }) => id)).toEqual(['somebody-else']);
  const refused = await server.during(ask());
  expect(refused.status).toBe(404);
  expect(await refused.text()).toContain(`The model \`${MODEL}\` does not exist.`);
  expect(chunks(await server.during(hear({ model: 'somebody-else' })))[0]?.model).toBe('somebody-else');
});

test('an engine slowed down takes so many times longer', async () => {
  const secondsFor = async (slowdown: number): Promise<number> => {
    await started({ slowdown });
    const startedMs = server.clock.nowMs();
    await server.during(ask().then((response) => response.text()));
    const seconds = (server.clock.nowMs() - startedMs) / 1000;
    await server.close();
    return seconds;
  };
  expect((await secondsFor(5)) / (await secondsFor(1))).toBeCloseTo(5, 0);
});

describe('a reasoning model', () => {
  test.each([
    ['0.10.1.1', ['reasoning_content']],
    ['0.13.0', ['reasoning', 'reasoning_content']],
    ['0.21.0', ['reasoning']],
  ])('of %s thinks in %s before it answers', async (version, fields) => {
    await started({}, { version, reasons: true });
    const deltas = chunks(await server.during(hear({ max_tokens: 90 }))).map(({ choices }) =>
      Object.keys(choices[0]?.delta ?? {}).join(),
    );
    const [role, ...rest] = deltas;
    expect(role).toBe('role,content');
    expect([...new Set(rest)]).toEqual([fields.join(), 'content']);
    const firstContent = rest.indexOf('content');
    expect(rest.slice(firstContent).every((keys) => keys === 'content')).toBe(true);
  });

  test('keeps its thinking apart in a whole answer', async () => {
    await started({}, { reasons: true });
    const response = await server.during(ask({ max_tokens: 90 }));
    const { choices } = (await response.json()) as { choices: { message: Record<string, string> }[] };
    expect(choices[0]?.message.reasoning_content).toMatch(/^The user asks: "What is llm-d\?"/);
    expect(choices[0]?.message.content).not.toContain('The user asks');
  });
});

test('detokenize gives back what tokenize cut', async () => {
  await started({});
  const prompt = 'Disaggregated prefill 🚀 on 2 nodes';
  const cut = (await (await server.during(post('/tokenize', { model: MODEL, prompt }))).json()) as {
    tokens: number[];
  };
  const joined = await server.during(post('/detokenize', { model: MODEL, tokens: cut.tokens }));
  expect(await joined.json()).toEqual({ prompt: `<s>${prompt}` });
  expect((await server.during(post('/detokenize', { model: MODEL }))).status).toBe(400);
});

test('what the engine refuses itself is in its counters, what something in front refuses is not', async () => {
  await started({});
  const counted = (): string[] =>
    (server.engine.metricsText().match(/^http_requests_total\{.*$/gm) ?? []).map((line) =>
      line.replace('http_requests_total', ''),
    );
  for (const refusal of ['context-too-long', 'too-many-requests', 'unavailable-page'] as const) {
    server.engine.faults?.set({ refusal });
    await ask().then((response) => response.text());
  }
  expect(counted()).toEqual(['{handler="/v1/chat/completions",method="POST",status="4xx"} 1.0']);
});

test('a broken stream was a 200 to the engine’s HTTP server, and ended no request', async () => {
  await started({ answer: { kind: 'error-object', afterTokens: 3 } });
  await server.during(hear());
  const page = server.engine.metricsText();
  expect(page).toContain(
    'http_requests_total{handler="/v1/chat/completions",method="POST",status="2xx"} 1.0',
  );
  expect(page).toMatch(/^vllm:request_success_total\{.*finished_reason="length".*\} 0\.0$/m);
});
