import 'server-only';
import type { ResourceView } from '@/lib/domain/cluster';
import type { Mode, SourceState, UnixMs } from '@/lib/domain/vocabulary';

/** The cluster as one foreign system: the light in the top bar. */
export interface ClusterSource {
  state: SourceState;
  /** The last sign of life of any kind. */
  lastProofAt: UnixMs | null;
  mode: Mode;
  /** In words: which server, from which configuration, and what is wrong. No secrets, paths or addresses. */
  detail: string;
}

export interface SourceFacts {
  version: ResourceView<{ gitVersion: string }>;
  /** Everything that is listed, watched or polled besides. */
  views: readonly ResourceView<unknown>[];
  /** Where the server was configured, fit for the audience; `null` before it was found. */
  origin: string | null;
}

/** The mode an API server introduces itself with; `unknown` before it has. */
export function toMode(gitVersion: string | null): Mode {
  if (gitVersion === null) return 'unknown';
  if (gitVersion.endsWith('+lab')) return 'simulated';
  return gitVersion.endsWith('+replay') ? 'recorded' : 'live';
}

/** One light for many views; a single resource in trouble does not change it. */
export function summarizeSource({ version, views, origin }: SourceFacts): ClusterSource {
  const gitVersion = version.items[0]?.gitVersion ?? null;
  const { state, problem } = combineStates(version, views);
  const proofs = [version, ...views].map((view) => view.lastProofAt).filter((at) => at !== null);
  const server = origin === null ? null : `${gitVersion === null ? 'API server' : gitVersion} (${origin})`;
  return {
    state,
    lastProofAt: proofs.length === 0 ? null : proofs.reduce((one, other) => Math.max(one, other)),
    mode: toMode(gitVersion),
    detail: [problem, server].filter((part) => part !== null).join(' '),
  };
}

function combineStates(
  version: ResourceView<unknown>,
  views: readonly ResourceView<unknown>[],
): { state: SourceState; problem: string | null } {
  switch (version.state) {
    case 'not-configured':
    case 'unauthenticated':
    case 'unreachable':
    case 'stale':
      return version;
    default:
  }
  // What is forbidden or not installed was answered: the server itself is well.
  const isTroubled = ({ state }: ResourceView<unknown>): boolean =>
    state === 'reconnecting' || state === 'stale' || state === 'unreachable' || state === 'unauthenticated';
  const troubled = views.filter(isTroubled);
  const first = troubled[0];
  if (first !== undefined && troubled.length * 2 > views.length) {
    // The server itself answers, so this is no outage.
    return { state: 'reconnecting', problem: first.problem };
  }
  if (version.state === 'syncing' || version.state === 'reconnecting') return version;
  return { state: 'live', problem: null };
}
