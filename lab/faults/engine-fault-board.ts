import type { EngineFaults } from '../parts.ts';
import type { EngineHost, RunningEngine } from '../world/engines.ts';

/** What is wrong with an engine while a fault acts; null leaves the engine alone. */
export type EngineChange = (entry: RunningEngine) => Partial<EngineFaults> | null;

export interface EngineFaultBoard {
  /** Acts on the engines that run and on those that start later; of two changes to one thing the later one counts. */
  add(change: EngineChange): () => void;
  /** Engines that run now. */
  running(): RunningEngine[];
}

export function createEngineFaultBoard(engines: EngineHost): EngineFaultBoard {
  const changes = new Set<EngineChange>();
  const apply = (entry: RunningEngine): void => {
    const { faults } = entry.engine;
    faults?.clear();
    for (const change of changes) {
      const wanted = change(entry);
      if (wanted !== null) faults?.set(wanted);
    }
  };
  engines.onStarted(apply);
  return {
    add: (change) => {
      changes.add(change);
      engines.list().forEach(apply);
      return () => {
        changes.delete(change);
        engines.list().forEach(apply);
      };
    },
    running: () => engines.list(),
  };
}
