import type { EngineFaultSwitch, EngineOptions, EngineSnapshot } from '../parts.ts';
import { type Random, seededRandom } from '../random.ts';
import type { Answer } from './answer.ts';
import { engineFaultSwitch } from './engine-faults.ts';
import { EngineMetrics } from './engine-metrics.ts';
import { kvTransferOf } from './kv-transfer.ts';
import { compareVersions } from './metric-families.ts';
import { createRequestLedger, type OpenRequest, type RequestLedger } from './request-ledger.ts';
import { newSequence, Scheduler, type Sequence, type Step } from './scheduler.ts';
import { stepMs, withJitter } from './step-cost.ts';
import { TextAssembler } from './text-assembler.ts';
import { CONTROL_TOKENS } from './tokenizer.ts';

export interface GenerationRequest {
  promptTokens: readonly number[];
  /** Most tokens to generate; already limited by the context length. */
  maxTokens: number;
  minTokens: number;
  ignoreEos: boolean;
  stopStrings: readonly string[];
  answer: Answer;
  /** When the API server received the request. */
  arrivedMs: number;
  /** Another engine has computed the prompt; its KV blocks are fetched from there, as long as it lives. */
  source?: { isThere(): boolean };
  onOutput(output: GenerationOutput): void;
}

export interface GenerationOutput {
  /** New text of the thinking that precedes the answer. */
  reasoning: string;
  /** New text; empty where the tokens so far complete no character. */
  text: string;
  /** Tokens generated so far, the end-of-sequence token included. */
  completionTokens: number;
  /** Prompt tokens found in the prefix cache. */
  cachedTokens: number;
  finish: { reason: 'stop' | 'length'; stopReason: string | null } | null;
}

/** Abandons a request: the client has gone away. */
export type Abort = () => void;

interface ActiveRequest extends Sequence {
  readonly request: GenerationRequest;
  readonly assembler: TextAssembler;
  queuedMs: number;
  scheduledMs: number | null;
  firstTokenMs: number | null;
  lastTokenMs: number;
  completionTokens: number;
  /** Text of outputs that the API server has not passed on yet. */
  unsentText: string;
  unsentReasoning: string;
  /** What is written down of it. */
  readonly truth: OpenRequest;
}

/** A step that ends this late (the machine was busy) is not made up for. */
const MAX_CATCH_UP_MS = 250;
/** Tokenising and hand-over in the API server, before the engine sees a request (metrics §13.1). */
const FRONT_END_MS = { least: 2, spread: 4 };

/** The step loop of one pod (metrics §13.1). Nothing is scheduled while there is nothing to do. */
export class EngineCore {
  readonly metrics: EngineMetrics;
  steps = 0;
  private readonly options: EngineOptions;
  private readonly faults: EngineFaultSwitch;
  private readonly random: Random;
  private readonly scheduler: Scheduler<ActiveRequest>;
  private readonly ledger: RequestLedger;
  private readonly open = new Set<OpenRequest>();
  private readonly pendingArrivals = new Set<() => void>();
  /** Requests whose KV blocks are on their way: they wait, but cannot be scheduled. */
  private readonly fetching = new Set<ActiveRequest>();
  private cancelStep: (() => void) | null = null;
  private isStepping = false;

  constructor(options: EngineOptions, faults: EngineFaultSwitch = engineFaultSwitch()) {
    this.options = options;
    this.faults = faults;
    this.random = seededRandom(options.seed);
    this.scheduler = new Scheduler(options.numGpuBlocks);
    this.ledger = options.ledger ?? createRequestLedger(0);
    this.metrics = new EngineMetrics(options, options.clock.nowMs());
  }

  submit(request: GenerationRequest): Abort {
    const { clock, podName, servedModelName: model } = this.options;
    const { arrivedMs } = request;
    const truth = this.ledger.begin({
      podName,
      model,
      promptTokens: request.promptTokens.length,
      arrivedMs,
    });
    this.open.add(truth);
    const active: ActiveRequest = {
      ...newSequence(request.promptTokens),
      request,
      assembler: new TextAssembler(request.stopStrings, request.minTokens),
      queuedMs: request.arrivedMs,
      scheduledMs: null,
      firstTokenMs: null,
      lastTokenMs: request.arrivedMs,
      completionTokens: 0,
      unsentText: '',
      unsentReasoning: '',
      truth,
    };
    let cancelArrival = this.later(FRONT_END_MS.least + FRONT_END_MS.spread * this.random(), () => {
      active.queuedMs = clock.nowMs();
      truth.queuedMs = active.queuedMs;
      if (request.source === undefined) this.enqueue(active);
      else cancelArrival = this.fetch(active, request.source);
    });
    return () => {
      cancelArrival();
      this.fetching.delete(active);
      this.scheduler.remove(active);
      this.close(truth, 'aborted');
    };
  }

  private later(delayMs: number, act: () => void): () => void {
    const cancel = this.options.clock.schedule(delayMs, () => {
      this.pendingArrivals.delete(cancel);
      act();
    });
    this.pendingArrivals.add(cancel);
    return () => {
      cancel();
      this.pendingArrivals.delete(cancel);
    };
  }

  private enqueue(active: ActiveRequest): void {
    this.scheduler.enqueue(active);
    if (!this.isStepping) this.startStep(this.options.clock.nowMs());
  }

  /** Fetches the KV blocks that the own cache lacks; all but the last token of the prompt are known then. */
  private fetch(active: ActiveRequest, source: { isThere(): boolean }): () => void {
    const { metrics, options } = this;
    const missing = active.promptLength - this.scheduler.findableTokens(active);
    const transfer = kvTransferOf(missing, options.cacheDtype, this.random);
    this.fetching.add(active);
    this.setGauges();
    return this.later(transfer.seconds * 1000, () => {
      this.fetching.delete(active);
      if (source.isThere()) {
        active.fetchedTokens = active.promptLength - 1;
        active.truth.transfer = {
          endedMs: options.clock.nowMs(),
          seconds: transfer.seconds,
          bytes: transfer.bytes,
        };
        metrics.observe('nixl_xfer_time_seconds', transfer.seconds);
        metrics.observe('nixl_post_time_seconds', transfer.postSeconds);
        metrics.observe('nixl_bytes_transferred', transfer.bytes);
        metrics.observe('nixl_num_descriptors', transfer.descriptors);
      } else metrics.count('nixl_num_failed_transfers', 1);
      this.enqueue(active);
    });
  }

  /** Prompt tokens that came from another engine, beyond those of the own cache. */
  private static fetchedBeyondCache({ fetchedTokens, cachedTokens }: ActiveRequest): number {
    return Math.max(0, fetchedTokens - cachedTokens);
  }

  snapshot(): EngineSnapshot {
    return {
      running: this.metrics.gauge('num_requests_running'),
      waiting: this.metrics.gauge('num_requests_waiting'),
      kvCacheUsageRatio: this.metrics.gauge('kv_cache_usage_perc'),
    };
  }

  stop(): void {
    this.cancelStep?.();
    for (const cancel of this.pendingArrivals) cancel();
    this.pendingArrivals.clear();
    this.fetching.clear();
    this.isStepping = false;
    for (const truth of this.open) this.close(truth, 'killed');
  }

  private close(truth: OpenRequest, end: OpenRequest['end']): void {
    if (this.open.delete(truth)) truth.end = end;
  }

  private startStep(startMs: number): void {
    // A lone sequence that pushed itself out leaves an empty step; the next plan admits it again.
    const step = this.scheduler.plan() ?? (this.scheduler.hasWork() ? this.scheduler.plan() : null);
    this.isStepping = step !== null;
    if (step === null) {
      // Requests that were let go since the last step are not running any more.
      this.setGauges();
      return;
    }
    this.countAdmissions(step, startMs);
    const usualMs = withJitter(stepMs(step.load, this.options.cacheDtype), this.random);
    const endMs = startMs + usualMs * this.faults.current().slowdown;
    this.cancelStep = this.options.clock.schedule(endMs - this.options.clock.nowMs(), () => {
      this.completeStep(step, endMs);
      const lateMs = this.options.clock.nowMs() - endMs;
      this.startStep(lateMs > MAX_CATCH_UP_MS ? this.options.clock.nowMs() : endMs);
    });
  }

  private countAdmissions(step: Step<ActiveRequest>, startMs: number): void {
    for (const active of step.admitted) {
      const isFirstAdmission = active.scheduledMs === null;
      active.scheduledMs ??= startMs;
      active.truth.scheduledMs ??= startMs;
      active.truth.cachedTokens ??= active.cachedTokens;
      // From 0.11 on, the look-up after a preemption stays out of the hit rate (metrics §2.5).
      if (!isFirstAdmission && compareVersions(this.options.version, '0.11') >= 0) continue;
      for (const family of ['prefix_cache', 'gpu_prefix_cache'] as const) {
        this.metrics.count(`${family}_queries`, active.tokens.length);
        this.metrics.count(`${family}_hits`, active.cachedTokens);
      }
      if (this.options.transfersKv !== true) continue;
      // A connector is asked for what the own cache lacks.
      this.metrics.count('external_prefix_cache_queries', active.tokens.length - active.cachedTokens);
      this.metrics.count('external_prefix_cache_hits', EngineCore.fetchedBeyondCache(active));
    }
    this.metrics.count('num_preemptions', step.preempted.length);
    for (const { truth } of step.preempted) truth.preemptedMs.push(startMs);
  }

  private completeStep(step: Step<ActiveRequest>, endMs: number): void {
    this.steps++;
    const yielding = this.scheduler.complete(step);
    const outputs: (() => void)[] = [];
    let iterationTokens = 0;
    for (const active of yielding) {
      if (active.firstTokenMs === null) iterationTokens += active.promptLength;
      iterationTokens++;
      outputs.push(this.generate(active, endMs));
    }
    if (yielding.length > 0) this.metrics.observe('iteration_tokens_total', iterationTokens);
    this.setGauges();
    // All streams of a pod tick together: the frames of one step go out in a burst.
    for (const send of outputs) send();
  }

  /** Books one token; what the client gets of it is returned for later. */
  private generate(active: ActiveRequest, endMs: number): () => void {
    const { request } = active;
    let token = request.answer.next();
    while (token === null && (request.ignoreEos || active.completionTokens < request.minTokens)) {
      token = request.answer.next();
    }
    active.tokens.push(token?.id ?? CONTROL_TOKENS.end);
    active.completionTokens++;
    this.bookToken(active, endMs);

    const isReasoning = token?.isReasoning === true;
    const assembled =
      token === null || isReasoning ? { delta: '', stoppedBy: null } : active.assembler.push(token);
    active.unsentText += assembled.delta;
    if (isReasoning) active.unsentReasoning += token?.text ?? '';
    const finish = finishOf(active, token === null, assembled.stoppedBy);
    if (finish !== null) {
      active.unsentText += active.assembler.finish();
      this.bookFinish(active, finish.reason, endMs);
      this.close(active.truth, finish.reason);
      this.scheduler.remove(active);
    } else if (active.completionTokens > 1 && this.waitsForMore(active.completionTokens)) {
      return () => {};
    }
    const output = {
      reasoning: active.unsentReasoning,
      text: active.unsentText,
      completionTokens: active.completionTokens,
      cachedTokens: active.cachedTokens,
      finish,
    };
    active.unsentText = '';
    active.unsentReasoning = '';
    return () => request.onOutput(output);
  }

  private waitsForMore(completionTokens: number): boolean {
    const { tokensPerChunk } = this.faults.current();
    return tokensPerChunk > 1
      ? completionTokens % tokensPerChunk !== 0
      : this.random() < this.coalescingChance();
  }

  /** Under load the API server falls behind now and then and sends two tokens in one chunk (metrics §10.1). */
  private coalescingChance(): number {
    return Math.min(0.2, Math.max(0, this.scheduler.running.length - 8) / 100);
  }

  private bookToken(active: ActiveRequest, endMs: number): void {
    this.metrics.count('generation_tokens', 1);
    active.truth.tokensMs.push(endMs);
    if (active.firstTokenMs === null) {
      active.firstTokenMs = endMs;
      this.metrics.count('prompt_tokens', active.promptLength);
      const fetched = EngineCore.fetchedBeyondCache(active);
      const computed = active.promptLength - active.cachedTokens - fetched;
      this.metrics.count('prompt_tokens_by_source', computed, 'local_compute');
      this.metrics.count('prompt_tokens_by_source', active.cachedTokens, 'local_cache_hit');
      this.metrics.count('prompt_tokens_by_source', fetched, 'external_kv_transfer');
      this.metrics.count('prompt_tokens_cached', active.cachedTokens + fetched);
      this.metrics.observe('time_to_first_token_seconds', (endMs - active.request.arrivedMs) / 1000);
    } else {
      const gapSeconds = (endMs - active.lastTokenMs) / 1000;
      this.metrics.observe('time_per_output_token_seconds', gapSeconds);
      this.metrics.observe('inter_token_latency_seconds', gapSeconds);
    }
    active.lastTokenMs = endMs;
  }

  private bookFinish(active: ActiveRequest, reason: 'stop' | 'length', endMs: number): void {
    const { metrics } = this;
    const scheduledMs = active.scheduledMs ?? endMs;
    const firstTokenMs = active.firstTokenMs ?? endMs;
    metrics.count('request_success', 1, reason);
    metrics.observe('e2e_request_latency_seconds', (endMs - active.request.arrivedMs) / 1000);
    metrics.observe('request_queue_time_seconds', (scheduledMs - active.queuedMs) / 1000);
    metrics.observe('request_prefill_time_seconds', (firstTokenMs - scheduledMs) / 1000);
    metrics.observe('request_decode_time_seconds', (endMs - firstTokenMs) / 1000);
    metrics.observe('request_inference_time_seconds', (endMs - scheduledMs) / 1000);
    metrics.observe('request_prompt_tokens', active.promptLength);
    metrics.observe('request_generation_tokens', active.completionTokens);
    metrics.observe('request_max_num_generation_tokens', active.completionTokens);
    metrics.observe('request_params_max_tokens', active.request.maxTokens);
    metrics.observe('request_params_n', 1);
    // After a preemption generated tokens may have been found again as well.
    const knownTokens = active.cachedTokens + EngineCore.fetchedBeyondCache(active);
    const computedTokens = Math.max(0, active.promptLength - knownTokens);
    metrics.observe('request_prefill_kv_computed_tokens', computedTokens);
    if (active.completionTokens > 1) {
      const perToken = (endMs - firstTokenMs) / 1000 / (active.completionTokens - 1);
      metrics.observe('request_time_per_output_token_seconds', perToken);
    }
  }

  private setGauges(): void {
    const usage = this.scheduler.kvCacheUsageRatio();
    this.metrics.setGauge('num_requests_running', this.scheduler.running.length);
    const waiting = this.scheduler.waiting.length;
    const deferred = this.fetching.size;
    this.metrics.setGauge('num_requests_waiting', waiting + deferred);
    this.metrics.setGauge('num_requests_waiting_by_reason', waiting, 'capacity');
    this.metrics.setGauge('num_requests_waiting_by_reason', deferred, 'deferred');
    this.metrics.setGauge('kv_cache_usage_perc', usage);
    this.metrics.setGauge('gpu_cache_usage_perc', usage);
  }
}

function finishOf(
  active: ActiveRequest,
  isEndOfSequence: boolean,
  stoppedBy: string | null,
): GenerationOutput['finish'] {
  if (isEndOfSequence) return { reason: 'stop', stopReason: null };
  if (stoppedBy !== null) return { reason: 'stop', stopReason: stoppedBy };
  if (active.completionTokens >= active.request.maxTokens) return { reason: 'length', stopReason: null };
  return null;
}
