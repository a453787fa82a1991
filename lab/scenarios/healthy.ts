import type { Scenario } from './scenario.ts';

export const healthy: Scenario = {
  description:
    'Both arms serve: the INT4 baseline on one GPU node, two llm-d replicas on two others, every gate in order.',
  change: (scene) => scene,
  settledMs: 0,
  expectations: [],
};
