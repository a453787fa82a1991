import type { EngineFaultSwitch, EngineOptions } from '../parts.ts';
import type { Random } from '../random.ts';
import { type Answer, composeAnswer, composeCompletion } from './answer.ts';
import {
  type ApiError,
  badRequest,
  invalidFields,
  maxTokensTooLarge,
  promptTooLong,
  unknownModel,
} from './api-errors.ts';
import { promptOf } from './chat-template.ts';
import {
  type CompletionRequest,
  type JsonObject,
  type Parsed,
  parseChatRequest,
  parseJsonBody,
  parseTextRequest,
  parseTokens,
} from './completion-request.ts';
import type { Abort, EngineCore, GenerationOutput } from './engine-core.ts';
import { breakStream, breakWhole, isDue, type LateFault } from './faulty-answer.ts';
import { type HttpExchange, sendBody, sendEvent, sendJson, startEvents } from './http-exchange.ts';
import { reasoningFieldsOf, withReasoning } from './reasoning.ts';
import {
  type AnswerHeader,
  type AnswerShape,
  CHAT_SHAPE,
  TEXT_SHAPE,
  type Usage,
  usageOf,
} from './response-frames.ts';
import { PREFILLER_HEADER, submitAfterPrefill } from './routing-sidecar.ts';
import { CONTROL_TOKENS, tokenIds } from './tokenizer.ts';
import { Vocabulary } from './vocabulary.ts';

/** vLLM's default for text completions without `max_tokens`. */
const DEFAULT_TEXT_TOKENS = 16;

/** A request ready for the engine, and the shape of its answer. */
interface Job {
  shape: AnswerShape;
  request: CompletionRequest;
  promptTokens: number[];
  maxTokens: number;
  answer: Answer;
}

/** The OpenAI-compatible endpoints in front of an engine. */
export class CompletionService {
  private readonly options: EngineOptions;
  private readonly core: EngineCore;
  private readonly faults: EngineFaultSwitch;
  private readonly vocabulary = new Vocabulary();
  private readonly random: Random;

  constructor(options: EngineOptions, core: EngineCore, faults: EngineFaultSwitch, random: Random) {
    this.options = options;
    this.core = core;
    this.faults = faults;
    this.random = random;
  }

  chat(exchange: HttpExchange): void {
    this.answer(exchange, (body) => {
      const parsed = parseChatRequest(body);
      if (!parsed.ok) return parsed;
      const { messages, seed } = parsed.value;
      if (messages.length === 0) {
        return refused(badRequest('At least one message is required.'));
      }
      const promptTokens = promptOf(messages);
      return this.toJob(CHAT_SHAPE, parsed.value, promptTokens, null, () => {
        const answer = composeAnswer(messages, seed);
        return this.options.reasons === true ? withReasoning(messages, answer) : answer;
      });
    });
  }

  text(exchange: HttpExchange): void {
    this.answer(exchange, (body) => {
      const parsed = parseTextRequest(body);
      if (!parsed.ok) return parsed;
      const { prompt, seed } = parsed.value;
      const isText = typeof prompt === 'string';
      const promptTokens = isText ? [CONTROL_TOKENS.begin, ...tokenIds(prompt)] : prompt;
      const text = isText ? prompt : prompt.join(' ');
      return this.toJob(TEXT_SHAPE, parsed.value, promptTokens, DEFAULT_TEXT_TOKENS, () =>
        composeCompletion(text, seed),
      );
    });
  }

  tokenize(exchange: HttpExchange): void {
    this.withJson(exchange, (body) => {
      const parsed = 'messages' in body ? parseChatRequest(body) : parseTextRequest(body);
      if (!parsed.ok) return sendError(exchange, parsed.error);
      if (!this.serves(parsed.value)) return sendError(exchange, unknownModel(parsed.value.model ?? ''));
      let tokens: number[];
      if ('messages' in parsed.value) {
        tokens = promptOf(parsed.value.messages);
        for (const { content } of parsed.value.messages) this.vocabulary.learn(content);
      } else if (typeof parsed.value.prompt === 'string') {
        tokens = [CONTROL_TOKENS.begin, ...tokenIds(parsed.value.prompt)];
        this.vocabulary.learn(parsed.value.prompt);
      } else tokens = parsed.value.prompt;
      const { maxModelLen } = this.options;
      sendJson(exchange.response, 200, {
        count: tokens.length,
        max_model_len: maxModelLen,
        tokens,
        token_strs: null,
      });
    });
  }

  /** Knows the words that `tokenize` has met. */
  detokenize(exchange: HttpExchange): void {
    this.withJson(exchange, (body) => {
      const tokens = parseTokens(body);
      if (tokens.ok) sendJson(exchange.response, 200, { prompt: this.vocabulary.textOf(tokens.value) });
      else sendError(exchange, tokens.error);
    });
  }

  private modelId(): string {
    return this.faults.current().modelId ?? this.options.servedModelName;
  }

  private serves(request: CompletionRequest): boolean {
    return request.model === null || request.model === this.modelId();
  }

  private toJob(
    shape: AnswerShape,
    request: CompletionRequest,
    promptTokens: number[],
    defaultMaxTokens: number | null,
    compose: () => Answer,
  ): Parsed<Job> {
    const { maxModelLen } = this.options;
    if (!this.serves(request)) return refused(unknownModel(request.model ?? ''));
    if (this.faults.current().refusal === 'context-too-long') {
      return refused(promptTooLong(maxModelLen, maxModelLen + promptTokens.length));
    }
    if (promptTokens.length >= maxModelLen) return refused(promptTooLong(maxModelLen, promptTokens.length));
    const room = maxModelLen - promptTokens.length;
    if (request.maxTokens !== null && request.maxTokens > room) {
      return refused(maxTokensTooLarge(request.maxTokens, maxModelLen, promptTokens.length));
    }
    const maxTokens = request.maxTokens ?? Math.min(room, defaultMaxTokens ?? room);
    return { ok: true, value: { shape, request, promptTokens, maxTokens, answer: compose() } };
  }

  private answer(exchange: HttpExchange, prepare: (body: JsonObject) => Parsed<Job>): void {
    this.withJson(exchange, (body) => {
      const job = prepare(body);
      if (!job.ok) sendError(exchange, job.error);
      else if (job.value.request.stream) this.stream(exchange, job.value);
      else this.respondOnce(exchange, job.value);
    });
  }

  private stream(exchange: HttpExchange, job: Job): void {
    const { response } = exchange;
    const { shape, request } = job;
    const header = this.newHeader(shape);
    const send = (frame: unknown): void => sendEvent(response, JSON.stringify(frame));
    const { answer: wanted, withholdsUsage } = this.faults.current();
    const running = (output: GenerationOutput, completionTokens: number): Usage | null =>
      request.continuousUsage && !withholdsUsage ? this.usage(job, output, completionTokens) : null;
    startEvents(response);
    if (wanted?.kind === 'empty') response.end();
    if (wanted?.kind === 'empty' || wanted?.kind === 'silent') return;
    let fault: LateFault | null = wanted;
    let isFirst = true;
    const abort = this.generate(exchange, job, (output) => {
      if (isFirst) {
        isFirst = false;
        const opening = shape.opening(header, running(output, 0));
        if (opening !== null) send(opening);
      }
      if (fault !== null && isDue(fault, output.completionTokens)) {
        if (breakStream(response, fault, abort) === 'is-over') return;
        fault = null;
      }
      if (output.reasoning !== '') {
        send(shape.reasoning(header, output.reasoning, running(output, output.completionTokens)));
      }
      // A chunk without text is sent only to carry the finish reason or the running token count.
      const isSilent = output.reasoning !== '' || !request.continuousUsage;
      if (output.text !== '' || output.finish !== null || !isSilent) {
        send(shape.chunk(header, output, running(output, output.completionTokens)));
      }
      if (output.finish === null) return;
      if (request.includeUsage && !withholdsUsage)
        send(shape.usage(header, this.usage(job, output, output.completionTokens)));
      sendEvent(response, '[DONE]');
      response.end();
    });
  }

  private respondOnce(exchange: HttpExchange, job: Job): void {
    const { response } = exchange;
    const header = this.newHeader(job.shape);
    const { answer: fault, withholdsUsage } = this.faults.current();
    let reasoning = '';
    let text = '';
    if (fault?.kind === 'empty') sendBody(response, 200, 'application/json', '');
    if (fault?.kind === 'empty' || fault?.kind === 'silent') return;
    const abort = this.generate(exchange, job, (output) => {
      if (fault !== null && isDue(fault, output.completionTokens)) {
        breakWhole(response, fault, abort);
        return;
      }
      reasoning += output.reasoning;
      text += output.text;
      if (output.finish === null) return;
      const usage = this.usage(job, output, output.completionTokens);
      const whole = job.shape.whole(header, reasoning, text, output.finish, usage);
      sendJson(response, 200, withholdsUsage ? withoutUsage(whole) : whole);
    });
  }

  private generate(exchange: HttpExchange, job: Job, onOutput: (output: GenerationOutput) => void): Abort {
    const { prefiller, clock } = this.options;
    const named = exchange.request.headers[PREFILLER_HEADER];
    const other = typeof named === 'string' ? prefiller?.(named) : undefined;
    const abort = submitAfterPrefill(this.core, clock, other, {
      promptTokens: job.promptTokens,
      maxTokens: job.maxTokens,
      minTokens: job.request.minTokens,
      ignoreEos: job.request.ignoreEos,
      stopStrings: job.request.stopStrings,
      answer: job.answer,
      arrivedMs: exchange.arrivedMs,
      onOutput,
    });
    exchange.onAbandoned(abort);
    return abort;
  }

  /** Cached tokens are reported only with the flag, and only when there are any (metrics §10.1). */
  private usage(job: Job, output: GenerationOutput, completionTokens: number): Usage {
    const isSwitchedOn = this.faults.current().reportsCachedTokens ?? this.options.reportsCachedTokens;
    const isReported = isSwitchedOn && output.cachedTokens > 0;
    return usageOf(job.promptTokens.length, completionTokens, isReported ? output.cachedTokens : null);
  }

  private newHeader(shape: AnswerShape): AnswerHeader {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.random() * 16).toString(16)).join('');
    return {
      id: `${shape.idPrefix}${hex}`,
      createdSeconds: Math.floor(this.options.clock.nowMs() / 1000),
      model: this.modelId(),
      reasoningFields: reasoningFieldsOf(this.options.version),
    };
  }

  private withJson(exchange: HttpExchange, use: (body: JsonObject) => void): void {
    const mediaType = exchange.request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    exchange.readBody((text) => {
      if (mediaType !== 'application/json') {
        const message = "Unsupported Media Type: Only 'application/json' is allowed";
        return sendError(exchange, invalidFields([{ type: 'value_error', field: 0, message, input: null }]));
      }
      const body = parseJsonBody(text);
      if (body.ok) use(body.value);
      else sendError(exchange, body.error);
    });
  }
}

function withoutUsage(whole: object): object {
  return { ...whole, usage: null };
}

function refused(error: ApiError): { ok: false; error: ApiError } {
  return { ok: false, error };
}

function sendError(exchange: HttpExchange, error: ApiError): void {
  sendJson(exchange.response, error.statusCode, error.body);
}
