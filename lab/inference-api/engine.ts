import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine, EngineFaultSwitch, EngineOptions } from '../parts.ts';
import { seededRandom, seedFromText } from '../random.ts';
import { METHOD_NOT_ALLOWED, NOT_FOUND } from './api-errors.ts';
import { CompletionService } from './completion-service.ts';
import { EngineCore, type GenerationRequest } from './engine-core.ts';
import { engineFaultSwitch } from './engine-faults.ts';
import { HttpExchange, sendBody, sendJson } from './http-exchange.ts';
import { HttpMetrics, type HttpExchange as HttpOutcome } from './http-metrics.ts';
import { PythonPage } from './page-writer.ts';
import { writeProcessMetrics } from './process-metrics.ts';
import { isInFront, refuse } from './refusal.ts';
import { submitAfterPrefill } from './routing-sidecar.ts';

const METRICS_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The one token of answers that nobody reads. */
const FILLER = { id: 7, text: ' token' };

interface Route {
  path: string;
  methods: readonly string[];
  answer(exchange: HttpExchange): void;
}

/** A model server of one pod. `processStartedMs`: when the process began to load the model; default now. */
export function createEngine(
  options: EngineOptions & { processStartedMs?: number },
): Engine & { readonly faults: EngineFaultSwitch } {
  const { clock } = options;
  const createdMs = clock.nowMs();
  const faults = engineFaultSwitch();
  const core = new EngineCore(options, faults);
  const httpMetrics = new HttpMetrics(createdMs);
  const service = new CompletionService(options, core, faults, seededRandom(options.seed ^ 0x5eed));
  const open = new Set<ServerResponse>();
  /** Prompts under way for other engines. */
  const prefills = new Set<(isComputed: boolean) => void>();
  let isAlive = true;

  const fillerRequest = (
    promptTokens: readonly number[],
    outputTokens: number,
    onFinished: () => void,
  ): GenerationRequest => ({
    promptTokens,
    maxTokens: outputTokens,
    minTokens: 0,
    ignoreEos: true,
    stopStrings: [],
    answer: { next: () => FILLER },
    arrivedMs: clock.nowMs(),
    onOutput: ({ finish }) => {
      if (finish !== null) onFinished();
    },
  });

  const metricsText = (): string => {
    const page = new PythonPage();
    writeProcessMetrics(page, {
      startedMs: options.processStartedMs ?? createdMs,
      steps: core.steps,
      openConnections: open.size,
    });
    core.metrics.writeTo(page);
    httpMetrics.writeTo(page);
    return page.text();
  };

  const modelList = (): unknown => ({
    object: 'list',
    data: [
      modelCard(
        options,
        faults.current().modelId ?? options.servedModelName,
        Math.floor(clock.nowMs() / 1000),
      ),
    ],
  });

  const routes: readonly Route[] = [
    { path: '/health', methods: ['GET'], answer: ({ response }) => sendBody(response, 200, null, '') },
    { path: '/ping', methods: ['GET', 'POST'], answer: ({ response }) => sendBody(response, 200, null, '') },
    {
      path: '/load',
      methods: ['GET'],
      answer: ({ response }) => sendJson(response, 200, { server_load: 0 }),
    },
    {
      path: '/version',
      methods: ['GET'],
      answer: ({ response }) => sendJson(response, 200, { version: options.version }),
    },
    {
      path: '/metrics',
      methods: ['GET'],
      answer: ({ response }) => sendBody(response, 200, METRICS_MEDIA_TYPE, metricsText()),
    },
    {
      path: '/v1/models',
      methods: ['GET'],
      answer: ({ response }) => sendJson(response, 200, modelList()),
    },
    { path: '/v1/chat/completions', methods: ['POST'], answer: (exchange) => service.chat(exchange) },
    { path: '/v1/completions', methods: ['POST'], answer: (exchange) => service.text(exchange) },
    { path: '/tokenize', methods: ['POST'], answer: (exchange) => service.tokenize(exchange) },
    { path: '/detokenize', methods: ['POST'], answer: (exchange) => service.detokenize(exchange) },
  ];

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isAlive) {
      request.socket.destroy();
      return;
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const route = routes.find((candidate) => candidate.path === path);
    const exchange = new HttpExchange(request, response, clock);
    const { refusal } = faults.current();
    const isRefused = refuse(response, path, refusal);
    open.add(response);
    response.on('close', () => {
      open.delete(response);
      // What stands in front refuses without the engine hearing of it.
      if (isRefused && isInFront(refusal)) return;
      httpMetrics.record(exchange.outcome(route?.path ?? 'none'), clock.nowMs());
    });
    if (isRefused) return;
    if (route === undefined) sendJson(response, NOT_FOUND.statusCode, NOT_FOUND.body);
    else if (route.methods.includes(request.method ?? '')) route.answer(exchange);
    else {
      response.setHeader('allow', route.methods.join(', '));
      sendJson(response, METHOD_NOT_ALLOWED.statusCode, METHOD_NOT_ALLOWED.body);
    }
  };

  return {
    podName: options.podName,
    faults,
    handle,
    generate: ({ promptTokens, outputTokens, onFinished }) =>
      submitAfterPrefill(
        core,
        clock,
        options.prefiller?.(null),
        fillerRequest(promptTokens, outputTokens, () => onFinished?.()),
      ),
    prefill: (promptTokens, onDone) => {
      const arrivedMs = clock.nowMs();
      const done = (isComputed: boolean): void => {
        if (!prefills.delete(done)) return;
        if (isComputed) httpMetrics.record(prefillExchange(clock.nowMs() - arrivedMs), clock.nowMs());
        onDone(isComputed);
      };
      prefills.add(done);
      const abort = core.submit(fillerRequest(promptTokens, 1, () => done(true)));
      return () => {
        prefills.delete(done);
        abort();
      };
    },
    isAlive: () => isAlive,
    metricsText,
    snapshot: () => core.snapshot(),
    kill: () => {
      isAlive = false;
      core.stop();
      for (const fail of [...prefills]) fail(false);
      for (const response of open) response.socket?.destroy();
    },
  };
}

/** The sidecar's own request to a prefill engine, as that engine's middleware sees it. */
function prefillExchange(durationMs: number): HttpOutcome {
  return {
    handler: '/v1/chat/completions',
    method: 'POST',
    statusCode: 200,
    requestBytes: 0,
    responseBytes: 0,
    durationSeconds: durationMs / 1000,
  };
}

function modelCard(options: EngineOptions, id: string, createdSeconds: number): unknown {
  return {
    id,
    object: 'model',
    created: createdSeconds,
    owned_by: 'vllm',
    root: '/mnt/models',
    parent: null,
    max_model_len: options.maxModelLen,
    permission: [
      {
        id: `modelperm-${seedFromText(`${options.podName}/${createdSeconds}`).toString(16).padStart(32, '0')}`,
        object: 'model_permission',
        created: createdSeconds,
        allow_create_engine: false,
        allow_sampling: true,
        allow_logprobs: true,
        allow_search_indices: false,
        allow_view: true,
        allow_fine_tuning: false,
        organization: '*',
        group: null,
        is_blocking: false,
      },
    ],
  };
}
