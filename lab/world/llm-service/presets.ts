/** Which presets a service takes, and what they and its own spec make together (facts: kubernetes-objects §3.2). */
import { isRecord } from '../../kubernetes-api/object.ts';
import { strategicMerge } from '../../kubernetes-api/patches.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import {
  LLM_CONFIGS,
  type LlmInferenceService,
  type LlmServiceSpec,
  modelName,
  PLATFORM_NAMESPACE,
} from './types.ts';

function workloadPresets({ spec: { worker, parallelism, prefill } }: LlmInferenceService): string[] {
  const kindOfWorker = (isMultiNode: boolean, isPipeline: boolean): string =>
    !isMultiNode ? 'template' : isPipeline ? 'worker-pipeline-parallel' : 'worker-data-parallel';
  const own = kindOfWorker(worker !== undefined, parallelism?.pipeline !== undefined);
  if (prefill === undefined) return [own];
  const other = kindOfWorker(prefill.worker !== undefined, prefill.parallelism?.pipeline !== undefined);
  return [`decode-${own}`, `prefill-${other}`];
}

/** In the order in which they are merged. */
export function presetNames(service: LlmInferenceService): string[] {
  const { router, baseRefs = [] } = service.spec;
  return [
    ...[
      ...workloadPresets(service),
      ...(router?.scheduler !== undefined && router.scheduler.pool?.ref === undefined ? ['scheduler'] : []),
      ...(router?.route !== undefined && router.route.http?.refs === undefined ? ['router-route'] : []),
    ].map((name) => `kserve-config-llm-${name}`),
    ...baseRefs.map(({ name }) => name),
  ];
}

/** Fills the Go-template placeholders that the presets use. */
function filled(value: unknown, values: Record<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{\{ (\.[\w.]+) \}\}/g, (text, path: string) => values[path] ?? text);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, child]) => [field, filled(child, values)]));
}

export type Combination = { spec: LlmServiceSpec } | { problem: string };

export function combine(cluster: ClusterAccess, service: LlmInferenceService): Combination {
  const { namespace = '', name } = service.metadata;
  let merged: unknown = {};
  for (const preset of presetNames(service)) {
    const config =
      cluster.get(LLM_CONFIGS, namespace, preset) ?? cluster.get(LLM_CONFIGS, PLATFORM_NAMESPACE, preset);
    if (config === undefined) {
      return {
        problem: `failed to get LLMInferenceServiceConfig "${preset}" from namespaces ["${namespace}", "${PLATFORM_NAMESPACE}"]: LLMInferenceServiceConfig.serving.kserve.io "${preset}" not found`,
      };
    }
    merged = strategicMerge(merged, config.spec);
  }
  const { parallelism } = service.spec;
  const spec = filled(strategicMerge(merged, service.spec), {
    '.ObjectMeta.Name': name,
    '.ObjectMeta.Namespace': namespace,
    '.Spec.Model.Name': modelName(service),
    '.Spec.Parallelism.Data': String(parallelism?.data ?? 1),
    '.Spec.Parallelism.DataLocal': String(parallelism?.dataLocal ?? 1),
    '.Spec.Parallelism.DataRPCPort': String(parallelism?.dataRPCPort ?? 5555),
  });
  // The API server has checked the service, and the presets have its shape.
  return { spec: spec as LlmServiceSpec };
}
