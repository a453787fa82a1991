import 'server-only';
import type { ProbeResult } from '@/lib/domain/probe';
import type { SourceState } from '@/lib/domain/vocabulary';

/** The newest probes of one path. */
export interface PathProbes {
  models: ProbeResult | null;
  completion: ProbeResult | null;
}

/** One arm's endpoint as a whole: it lives if any path to it does. */
export function endpointSourceState(paths: readonly PathProbes[]): { state: SourceState; detail: string } {
  if (paths.length === 0) {
    return { state: 'syncing', detail: 'No address of this endpoint is known yet.' };
  }
  const alive = paths.filter(isAlive);
  if (alive.length > 0) return { state: 'live', detail: alive.map(describe).join(' ') };
  const asked = paths.filter((path) => lastWord(path) !== null);
  if (asked.length === 0) return { state: 'syncing', detail: 'Not asked yet.' };
  return { state: stateOfRefusals(asked), detail: asked.map(describe).join(' ') };
}

/** Lists its models, and has not failed to answer a question since. */
function isAlive({ models, completion }: PathProbes): boolean {
  return models?.outcome === 'answered' && completion?.outcome !== 'refused';
}

function stateOfRefusals(paths: readonly PathProbes[]): SourceState {
  const statuses = paths.map((path) => lastWord(path)?.httpStatus ?? null);
  if (statuses.every((status) => status === 401)) return 'unauthenticated';
  return statuses.every((status) => status === 403) ? 'forbidden' : 'unreachable';
}

/** What decided: a refused list of models, else the completion. */
function lastWord({ models, completion }: PathProbes): ProbeResult | null {
  return models === null || models.outcome === 'refused' ? models : (completion ?? models);
}

function describe(path: PathProbes): string {
  const word = lastWord(path);
  return word === null ? '' : `${word.path}: ${word.finding}`;
}
