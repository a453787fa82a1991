import type { MarkState } from '@/components/ui/state-mark';
import type { Source } from '@/lib/domain/status';
import type { SourceId, SourceState } from '@/lib/domain/vocabulary';

/** A source's light: its shape and colour, and its word. */
export const SOURCE_LOOKS: Record<SourceState, { mark: MarkState; word: string }> = {
  live: { mark: 'pass', word: 'live' },
  syncing: { mark: 'unknown', word: 'syncing' },
  reconnecting: { mark: 'warn', word: 'reconnecting' },
  stale: { mark: 'warn', word: 'stale' },
  forbidden: { mark: 'fail', word: 'forbidden' },
  'not-installed': { mark: 'fail', word: 'not installed' },
  unauthenticated: { mark: 'fail', word: 'login refused' },
  unreachable: { mark: 'fail', word: 'unreachable' },
  'not-configured': { mark: 'not-applicable', word: 'not configured' },
};

/** Names short enough for the bar; they are the words the presenter uses. */
export const SOURCE_NAMES: Record<SourceId, { short: string; full: string }> = {
  cluster: { short: 'cluster', full: 'Cluster (Kubernetes API)' },
  metrics: { short: 'metrics', full: 'Metrics (Prometheus)' },
  baseline: { short: 'INT4', full: 'Baseline endpoint (INT4)' },
  distributed: { short: 'llm-d', full: 'Distributed endpoint (llm-d)' },
};

/** The light of a source while the dashboard itself cannot be heard: what it said last is no proof any more. */
export function toShownState(source: Source, isLinkUp: boolean): SourceState {
  return isLinkUp || source.state !== 'live' ? source.state : 'reconnecting';
}
