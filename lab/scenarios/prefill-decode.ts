import type { Container } from '../world/workload-types.ts';
import { expectAll } from './expect-all.ts';
import { withNewerImages } from './newer-images.ts';
import type { Scenario } from './scenario.ts';
import { createdAnew } from './service-children.ts';

/** How an engine is told to give KV blocks away and to fetch them. */
const KV_TRANSFER = {
  name: 'VLLM_ADDITIONAL_ARGS',
  value: `--kv-transfer-config '{"kv_connector":"NixlConnector","kv_role":"kv_both"}'`,
};

interface Template {
  containers: Container[];
}

function withKvTransfer(template: Template): Template {
  const containers = template.containers.map((container) =>
    container.name === 'main' ? { ...container, env: [...(container.env ?? []), KV_TRANSFER] } : container,
  );
  return { ...template, containers };
}

/** With a later runtime than the demo's: vLLM shows what it transfers from 0.11.1 on (facts: metrics §2.4). */
export const prefillDecode: Scenario = {
  description:
    'Disaggregated: one pod computes prompts (prefill), another answers (decode) with their KV blocks, each with its own GPU; a newer vLLM and endpoint picker.',
  change: (healthy) =>
    createdAnew(healthy.map(withNewerImages), (draft) => {
      const template = withKvTransfer(draft.spec.template as Template);
      draft.spec = { ...draft.spec, replicas: 1, template, prefill: { replicas: 1, template } };
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
