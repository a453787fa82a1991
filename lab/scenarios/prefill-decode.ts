import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';
import { createdAnew } from './service-children.ts';

export const prefillDecode: Scenario = {
  description:
    'Disaggregated: one pod computes prompts (prefill), another answers (decode), each with its own GPU.',
  change: (healthy) =>
    createdAnew(healthy, (draft) => {
      const { template } = draft.spec;
      draft.spec = { ...draft.spec, replicas: 1, prefill: { replicas: 1, template } };
    }),
  settledMs: 20 * 60_000,
  expectations: [
    ...expectAll('warn', null, [
      [
        'distributed-pods',
        'kubernetes-objects §7.3 D3, demo-environment §3.1 (two replicas expected; these two are one, split by role)',
      ],
    ]),
  ],
};
