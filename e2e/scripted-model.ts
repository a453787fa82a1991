/** A model server that answers what a test wrote down: real HTTP, the frames of vLLM, at the test's own pace. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Script {
  /** Text of each chunk. */
  chunks: readonly string[];
  /** Between chunks. */
  everyMs: number;
  /** Tokens as the engine counts them; one per chunk if not given. */
  tokens?: number;
  /** Whole frames, as they are, before the chunks: what no engine sends. */
  rawFrames?: readonly string[];
  /** As the engine names it. */
  finishReason?: string;
  /** After the last chunk: the ordinary end, a closed connection, or silence. */
  ending?: 'stop' | 'reset' | 'silence';
  /** Refuse instead of answering. */
  refuse?: { status: number; type: string; body: string };
}

export interface ScriptedModel {
  url: string;
  /** Bodies of the chat requests that came, oldest first. */
  requests(): readonly ScriptedRequest[];
  /** Chat requests whose connection the client closed before the end. */
  abortedCount(): number;
  /** When that was, on the clock of this process (`performance.now`). */
  abortedAtMs(): readonly number[];
  /** What is answered from now on, by the last user message. */
  answer(write: (question: string) => Script): void;
  /** Takes no connection any more, until it comes back at the same address. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export interface ScriptedModelOptions {
  /** As `GET /v1/models` lists it. */
  modelId?: string;
  /** As `GET /version` tells it. */
  version?: string;
}

export interface ScriptedRequest {
  messages: { role: string; content: string }[];
  max_tokens?: number;
  seed?: number;
  ignore_eos?: boolean;
}

const MODEL = 'mistral-3-int4';

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const bytes of request) body += String(bytes);
  return body;
}

function frame(choice: object, more: object = {}): string {
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: MODEL,
    choices: [choice],
  };
  return `data: ${JSON.stringify({ ...chunk, ...more })}\n\n`;
}

function writeEnd(response: ServerResponse, finishReason: string, completionTokens: number): void {
  const promptTokens = 20;
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  response.write(frame({ index: 0, delta: { content: '' }, finish_reason: finishReason }));
  response.write(
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: MODEL, choices: [], usage })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

async function play(response: ServerResponse, script: Script): Promise<void> {
  if (script.refuse !== undefined) {
    response.writeHead(script.refuse.status, { 'content-type': script.refuse.type }).end(script.refuse.body);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(frame({ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }));
  for (const raw of script.rawFrames ?? []) response.write(raw);
  const startedAt = performance.now();
  for (const [index, content] of script.chunks.entries()) {
    // A timetable, not pauses: late timers do not add up.
    const waitMs = startedAt + (index + 1) * script.everyMs - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (response.destroyed) return;
    response.write(frame({ index: 0, delta: { content }, finish_reason: null }));
  }
  switch (script.ending ?? 'stop') {
    case 'stop':
      writeEnd(response, script.finishReason ?? 'stop', script.tokens ?? script.chunks.length);
      return;
    case 'reset':
      response.destroy();
      return;
    case 'silence':
      return;
  }
}

export async function startScriptedModel({
  modelId = MODEL,
  version = '0.10.1.1',
}: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const requests: ScriptedRequest[] = [];
  const abortedAtMs: number[] = [];
  let write: (question: string) => Script = () => ({ chunks: ['ok'], everyMs: 5 });

  const server = createServer((request, response) => {
    const json = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (request.method === 'GET' && request.url === '/v1/models') {
      json({
        object: 'list',
        data: [{ id: modelId, object: 'model', owned_by: 'vllm', max_model_len: 8192 }],
      });
      return;
    }
    if (request.method === 'GET' && request.url === '/version') {
      json({ version });
      return;
    }
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      response.writeHead(request.url === '/health' ? 200 : 404).end();
      return;
    }
    response.on('close', () => {
      if (!response.writableEnded && request.socket.destroyed) abortedAtMs.push(performance.now());
    });
    void readBody(request).then((text) => {
      const body = JSON.parse(text) as ScriptedRequest;
      // The dashboard asks for single tokens by itself, to see whether the endpoint serves.
      const isProbe = (body.max_tokens ?? 0) <= 1;
      if (!isProbe) requests.push(body);
      const question = body.messages.at(-1)?.content ?? '';
      return play(response, isProbe ? { chunks: ['ok'], everyMs: 1 } : write(question));
    });
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  const goAway = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    abortedCount: () => abortedAtMs.length,
    abortedAtMs: () => abortedAtMs,
    answer: (next) => {
      write = next;
    },
    goAway,
    comeBack: () => listen(port),
    close: goAway,
  };
}
