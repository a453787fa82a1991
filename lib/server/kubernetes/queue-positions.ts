import 'server-only';
import { z } from 'zod';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { podState } from '@/lib/domain/objects/pod-state';
import type { DemoSettings } from '@/lib/domain/settings';
import type { Clock } from '../clock';
import { KubernetesError } from './errors';
import { pause } from './pause';
import { fields, list } from './wire/lenient';

/** Kueue's visibility API computes its answer when asked and cannot be watched; asked only while a pod is held back. */
const INTERVAL_MS = 4_000;
/** Where it is not served, or may not be read, it is not asked again before this. */
const REFUSED_INTERVAL_MS = 60_000;

const summarySchema = z.object({
  items: list(
    z.object({
      metadata: fields({ ownerReferences: list(z.object({ kind: z.string(), uid: z.string() })) }),
      positionInLocalQueue: z.number(),
    }),
  ),
});

export interface QueuePositions {
  /** Pod uid → how many Workloads of its LocalQueue stand before it. Empty where that cannot be read. */
  positions(): ReadonlyMap<string, number>;
  start(): void;
  stop(): void;
}

export interface QueuePositionsOptions {
  settings: DemoSettings;
  cluster: () => ClusterSnapshot;
  /** One GET; throws a KubernetesError. */
  read: (path: string, signal: AbortSignal) => Promise<unknown>;
  clock: Clock;
  onChange: () => void;
  onFault: (error: unknown) => void;
}

export function createQueuePositions(options: QueuePositionsOptions): QueuePositions {
  const { settings, clock } = options;
  const stopped = new AbortController();
  const path = `/apis/visibility.kueue.x-k8s.io/v1beta1/namespaces/${encodeURIComponent(settings.namespace)}/localqueues/${encodeURIComponent(settings.kueueLocalQueue)}/pendingworkloads`;
  let known: ReadonlyMap<string, number> = new Map();

  function take(next: ReadonlyMap<string, number>): void {
    const isSame = next.size === known.size && [...next].every(([uid, place]) => known.get(uid) === place);
    if (isSame) return;
    known = next;
    options.onChange();
  }

  async function look(): Promise<number> {
    const isHeld = options.cluster().resources.pods.items.some((pod) => podState(pod).kind === 'gated');
    if (!isHeld) {
      take(new Map());
      return INTERVAL_MS;
    }
    try {
      take(toPositions(await options.read(path, stopped.signal)));
      return INTERVAL_MS;
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      take(new Map());
      const isRefused = error.httpStatus !== null && error.httpStatus >= 400 && error.httpStatus < 500;
      return isRefused ? REFUSED_INTERVAL_MS : INTERVAL_MS;
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      let delayMs = INTERVAL_MS;
      try {
        delayMs = await look();
      } catch (error) {
        if (!stopped.signal.aborted) options.onFault(error);
      }
      await pause(clock, delayMs, stopped.signal);
    }
  }

  return {
    positions: () => known,
    start: () => void run(),
    stop: () => stopped.abort(),
  };
}

/** A Workload of a plain pod is owned by it (kubernetes-objects §5.7). */
export function toPositions(raw: unknown): ReadonlyMap<string, number> {
  const read = summarySchema.safeParse(raw);
  if (!read.success) return new Map();
  return new Map(
    read.data.items.flatMap(({ metadata, positionInLocalQueue }) =>
      metadata.ownerReferences
        .filter(({ kind }) => kind === 'Pod')
        .map(({ uid }): [string, number] => [uid, positionInLocalQueue]),
    ),
  );
}
