import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type EngineServer, startEngineServer } from './engine-fixture.ts';

let server: EngineServer;
afterEach(() => server.close());

const BASELINE = { servedModelName: 'mistral-3-int4', maxModelLen: 8192, numGpuBlocks: 3502 } as const;

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const answerOf = (path: string, body: unknown): Promise<{ status: number; text: string }> =>
  server.during(
    post(path, body).then(async (response) => ({ status: response.status, text: await response.text() })),
  );

const question = (overrides: object = {}): object => ({
  model: 'mistral-3-int4',
  messages: [{ role: 'user', content: 'What is llm-d?' }],
  ...overrides,
});

/** The frames of a stream, ids and times made equal. */
function frames(text: string): string[] {
  expect(text.endsWith('\n\n')).toBe(true);
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((frame) =>
      frame
        .replace(/"id":"(chatcmpl|cmpl)-[0-9a-f]{32}"/, '"id":"$1-ID"')
        .replace(/"created":\d{10}/, '"created":0'),
    );
}

describe('a chat stream', () => {
  const head =
    'data: {"id":"chatcmpl-ID","object":"chat.completion.chunk","created":0,"model":"mistral-3-int4","choices":[';

  test('has the frames of vLLM byte by byte: role, content, finish, usage, [DONE]', async () => {
    server = await startEngineServer(BASELINE);
    const { text } = await answerOf(
      '/v1/chat/completions',
      question({ stream: true, max_tokens: 3, stream_options: { include_usage: true } }),
    );
    const [role, first, , last, usage, done, ...rest] = frames(text);
    expect(role).toBe(
      `${head}{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}`,
    );
    expect(first).toMatch(
      /"choices":\[\{"index":0,"delta":\{"content":"[^"]+"\},"logprobs":null,"finish_reason":null\}\]\}$/,
    );
    expect(last).toMatch(
      /"delta":\{"content":"[^"]+"\},"logprobs":null,"finish_reason":"length","stop_reason":null\}\]\}$/,
    );
    expect(usage).toBe(`${head}],"usage":{"prompt_tokens":13,"total_tokens":16,"completion_tokens":3}}`);
    expect([done, rest]).toEqual(['data: [DONE]', []]);
  });

  test('that stops by itself ends with an empty delta, whose token counts', async () => {
    server = await startEngineServer(BASELINE);
    const { text } = await answerOf(
      '/v1/chat/completions',
      question({ stream: true, stream_options: { include_usage: true } }),
    );
    const all = frames(text);
    expect(all.at(-3)).toContain(
      '"delta":{"content":""},"logprobs":null,"finish_reason":"stop","stop_reason":null',
    );
    const chunks = all.filter((frame) => /"delta":\{"content"/.test(frame)).length;
    expect(all.at(-2)).toContain(`"completion_tokens":${chunks}}`);
  });

  test('without stream options has no usage frame', async () => {
    server = await startEngineServer(BASELINE);
    const { text } = await answerOf('/v1/chat/completions', question({ stream: true, max_tokens: 2 }));
    expect(text).not.toContain('usage');
  });

  test('reports running usage in every chunk when asked, zero on the role chunk', async () => {
    server = await startEngineServer(BASELINE);
    const options = { include_usage: true, continuous_usage_stats: true };
    const { text } = await answerOf(
      '/v1/chat/completions',
      question({ stream: true, max_tokens: 2, stream_options: options }),
    );
    const counts = frames(text).flatMap((frame) => /"completion_tokens":(\d+)/.exec(frame)?.[1] ?? []);
    expect(counts).toEqual(['0', '1', '2', '2']);
  });

  test('ends before a stop string and names it', async () => {
    server = await startEngineServer(BASELINE);
    const { text } = await answerOf(
      '/v1/chat/completions',
      question({ stream: true, stop: [' the '], seed: 4 }),
    );
    const content = frames(text).flatMap((frame) => /"content":"((?:[^"\\]|\\.)*)"/.exec(frame)?.[1] ?? []);
    expect(content.join('')).not.toContain(' the ');
    expect(frames(text).at(-2)).toContain('"finish_reason":"stop","stop_reason":" the "');
  });

  test('sends its headers before the first token, and none that uvicorn would not send but x-lab', async () => {
    server = await startEngineServer(BASELINE);
    const response = await post('/v1/chat/completions', question({ stream: true, max_tokens: 1 }));
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      date: expect.stringMatching(/GMT$/),
      server: 'uvicorn',
      'transfer-encoding': 'chunked',
      'x-lab': '1',
    });
    await server.during(response.text());
  });

  test('the same prompt and seed stream the same text', async () => {
    server = await startEngineServer(BASELINE);
    const body = question({ stream: true, seed: 9, max_tokens: 20 });
    const first = await answerOf('/v1/chat/completions', body);
    const second = await answerOf('/v1/chat/completions', body);
    expect(frames(second.text)).toEqual(frames(first.text));
  });
});

describe('a text completion', () => {
  test('streams chunks with null usage and no role', async () => {
    server = await startEngineServer(BASELINE);
    const { text } = await answerOf('/v1/completions', {
      model: 'mistral-3-int4',
      prompt: 'The gateway',
      max_tokens: 2,
      stream: true,
      stream_options: { include_usage: true },
    });
    const [first, last, usage, done] = frames(text);
    expect(first).toMatch(
      /^data: \{"id":"cmpl-ID","object":"text_completion","created":0,"model":"mistral-3-int4","choices":\[\{"index":0,"text":"[^"]+","logprobs":null,"finish_reason":null,"stop_reason":null\}\],"usage":null\}$/,
    );
    expect(last).toMatch(/"finish_reason":"length","stop_reason":null\}\],"usage":null\}$/);
    expect(usage).toMatch(
      /"choices":\[\],"usage":\{"prompt_tokens":3,"total_tokens":5,"completion_tokens":2\}\}$/,
    );
    expect(done).toBe('data: [DONE]');
  });

  test('answers sixteen tokens at once when nothing is asked', async () => {
    server = await startEngineServer(BASELINE);
    const { text } = await answerOf('/v1/completions', { prompt: 'The gateway', ignore_eos: true });
    expect(JSON.parse(text)).toMatchObject({
      object: 'text_completion',
      choices: [{ index: 0, finish_reason: 'length', stop_reason: null, prompt_logprobs: null }],
      usage: { completion_tokens: 16, prompt_tokens_details: null },
    });
  });
});

test('a chat answer without streaming is one object', async () => {
  server = await startEngineServer(BASELINE);
  const { text } = await answerOf('/v1/chat/completions', question({ max_completion_tokens: 5 }));
  expect(JSON.parse(text)).toEqual({
    id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/),
    object: 'chat.completion',
    created: expect.any(Number),
    model: 'mistral-3-int4',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: expect.stringMatching(/\w/),
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          tool_calls: [],
          reasoning_content: null,
        },
        logprobs: null,
        finish_reason: 'length',
        stop_reason: null,
      },
    ],
    service_tier: null,
    system_fingerprint: null,
    usage: { prompt_tokens: 13, total_tokens: 18, completion_tokens: 5, prompt_tokens_details: null },
    prompt_logprobs: null,
    kv_transfer_params: null,
  });
});

test('cached prompt tokens are reported with the flag, and only when there are any', async () => {
  server = await startEngineServer({ ...BASELINE, reportsCachedTokens: true });
  const long = question({ messages: [{ role: 'user', content: 'word '.repeat(100) }], max_tokens: 1 });
  const details = async (): Promise<unknown> =>
    JSON.parse((await answerOf('/v1/chat/completions', long)).text).usage.prompt_tokens_details;
  expect(await details()).toBeNull();
  expect(await details()).toEqual({ cached_tokens: 96 });
});

describe('refusals in the words of vLLM', () => {
  test.each([
    [
      'an unknown model',
      { model: 'mistral-3', messages: [{ role: 'user', content: 'Hi' }] },
      404,
      'NotFoundError',
      'The model `mistral-3` does not exist.',
    ],
    [
      'a prompt beyond the context',
      { messages: [{ role: 'user', content: 'word '.repeat(9000) }] },
      400,
      'BadRequestError',
      "This model's maximum context length is 8192 tokens. However, your request has 9008 input tokens. Please reduce the length of the input messages.",
    ],
    [
      'more output than the context leaves',
      { messages: [{ role: 'user', content: 'What is llm-d?' }], max_tokens: 8192 },
      400,
      'BadRequestError',
      "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192 tokens and your request has 13 input tokens (8192 > 8192 - 13).",
    ],
    [
      'a missing field',
      { model: 'mistral-3-int4' },
      400,
      'Bad Request',
      "[{'type': 'missing', 'loc': ('body', 'messages'), 'msg': 'Field required', 'input': {'model': 'mistral-3-int4'}}]",
    ],
    [
      'no output',
      question({ max_tokens: 0 }),
      400,
      'BadRequestError',
      'max_tokens must be at least 1, got 0.',
    ],
    [
      'several answers',
      question({ n: 2 }),
      400,
      'BadRequestError',
      'n must be 1 when using greedy sampling, got 2.',
    ],
  ])('%s', async (_, body, status, type, message) => {
    server = await startEngineServer(BASELINE);
    const answer = await answerOf('/v1/chat/completions', body);
    expect({ status: answer.status, body: JSON.parse(answer.text) }).toEqual({
      status,
      body: { error: { message, type, param: null, code: status } },
    });
  });

  test('a body that is no JSON', async () => {
    server = await startEngineServer(BASELINE);
    const answer = await answerOf('/v1/chat/completions', '{"model":');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error.type).toBe('Bad Request');
  });

  test('an unknown path, and a known one with the wrong method', async () => {
    server = await startEngineServer(BASELINE);
    const unknown = await fetch(`${server.url}/v1/nothing`);
    expect([unknown.status, await unknown.json()]).toEqual([404, { detail: 'Not Found' }]);
    const wrong = await fetch(`${server.url}/v1/chat/completions`);
    expect([wrong.status, wrong.headers.get('allow'), await wrong.json()]).toEqual([
      405,
      'POST',
      { detail: 'Method Not Allowed' },
    ]);
  });
});

describe('small endpoints', () => {
  test('say which model, which version, and that the server is well', async () => {
    server = await startEngineServer(BASELINE);
    const models = await (await fetch(`${server.url}/v1/models`)).json();
    expect(models).toMatchObject({
      object: 'list',
      data: [{ id: 'mistral-3-int4', owned_by: 'vllm', root: '/mnt/models', max_model_len: 8192 }],
    });
    expect(await (await fetch(`${server.url}/version`)).json()).toEqual({ version: '0.10.1.1' });
    expect(await (await fetch(`${server.url}/load`)).json()).toEqual({ server_load: 0 });
    for (const path of ['/health', '/ping']) {
      const response = await fetch(`${server.url}${path}`);
      expect([response.status, await response.text(), response.headers.get('x-lab')]).toEqual([200, '', '1']);
    }
  });

  test('count the tokens that a request with the same text will use', async () => {
    server = await startEngineServer(BASELINE);
    const counted = await answerOf('/tokenize', question());
    const used = await answerOf('/v1/chat/completions', question({ max_tokens: 1 }));
    const { count, tokens, max_model_len } = JSON.parse(counted.text);
    expect([count, tokens.length, max_model_len]).toEqual([
      JSON.parse(used.text).usage.prompt_tokens,
      count,
      8192,
    ]);
  });
});

describe('a client that goes away', () => {
  test('frees the engine, and is counted in tokens but not among the finished requests', async () => {
    server = await startEngineServer(BASELINE);
    const body = JSON.stringify(question({ stream: true, ignore_eos: true, max_tokens: 2000 }));
    const firstChunk = new Promise<() => void>((resolve, reject) => {
      const request = httpRequest(
        `${server.url}/v1/chat/completions`,
        { method: 'POST', headers: { 'content-type': 'application/json' } },
        (response) => response.once('data', () => resolve(() => request.destroy())),
      );
      request.once('error', reject).end(body);
    });
    const leave = await server.during(firstChunk);
    await server.clock.advance(100);
    expect(server.engine.snapshot().running).toBe(1);
    leave();
    const isFree = (): boolean => server.engine.snapshot().running === 0;
    for (let turn = 0; turn < 200 && !isFree(); turn++) await server.clock.advance(100);
    expect(server.engine.snapshot()).toEqual({ running: 0, waiting: 0, kvCacheUsageRatio: 0 });
    const page = server.engine.metricsText();
    expect(page).toMatch(/^vllm:request_success_total\{.*finished_reason="abort".*\} 0\.0$/m);
    expect(page).toMatch(/^vllm:e2e_request_latency_seconds_count\{.*\} 0\.0$/m);
    expect(page).not.toMatch(/^vllm:generation_tokens_total\{.*\} 0\.0$/m);
    expect(page).not.toMatch(/^vllm:prompt_tokens_total\{.*\} 0\.0$/m);
  });
});

test('a killed engine drops its connections in the middle of a stream', async () => {
  server = await startEngineServer(BASELINE);
  const response = await post(
    '/v1/chat/completions',
    question({ stream: true, ignore_eos: true, max_tokens: 2000 }),
  );
  const reader = response.body?.getReader();
  await server.during(reader?.read() ?? Promise.reject(new Error('no body')));
  server.engine.kill();
  const drained = async (): Promise<void> => {
    while (reader !== undefined && !(await reader.read()).done);
  };
  await expect(drained()).rejects.toThrow();
});
