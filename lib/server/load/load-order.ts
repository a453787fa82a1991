import 'server-only';
import type { LoadEnd, LoadPlan, LoadProgress, LoadSample } from '@/lib/domain/load';
import type { ReachableEndpoint } from '@/lib/server/inference/relay-chat';

/** Everything a load needs to run, as plain data: it may run in another thread. Holds keys: never log it. */
export interface LoadOrder {
  plan: LoadPlan;
  /** Requests follow from it. */
  seed: number;
  targets: { endpoint: ReachableEndpoint; apiKey: string | null }[];
}

/** What a running load tells. */
export interface LoadListener {
  onReport(report: LoadReport): void;
  /** Exactly once, when no request is under way any more. */
  onEnded(because: LoadEnd): void;
}

export interface LoadReport {
  progress: LoadProgress[];
  /** Since the last report. */
  samples: LoadSample[];
}

/** A load under way, in whichever thread. */
export interface RunningLoad {
  /** The page that started it is still there. */
  keep(): void;
  stop(because: LoadEnd): void;
}

export type RunLoad = (order: LoadOrder, listener: LoadListener) => RunningLoad;
