import 'server-only';
import { z } from 'zod';
import type { Amounts } from '@/lib/domain/objects/core';
import { countGpus } from '@/lib/domain/objects/gpus';
import type { InferenceService, LLMInferenceService, LlmWorkload } from '@/lib/domain/objects/serving';
import { fields, integer, list, optionalFields, presence, required, text, texts } from './lenient';
import { conditionsSchema, metaSchema } from './meta';
import { argumentsWithoutSecrets, containerGpus, containerSchema } from './pods';

const podTemplateSchema = optionalFields({ containers: list(containerSchema) });

const workloadShape = {
  replicas: integer,
  parallelism: fields({ tensor: integer, pipeline: integer, data: integer, dataLocal: integer }),
  template: podTemplateSchema,
  worker: podTemplateSchema,
};

const llmServiceSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    model: fields({ name: text, uri: text }),
    ...workloadShape,
    prefill: optionalFields(workloadShape),
    router: optionalFields({
      route: presence,
      scheduler: presence,
      gateway: optionalFields({ refs: list(z.object({ namespace: text, name: required })) }),
    }),
  }),
  status: fields({
    observedGeneration: integer,
    url: text,
    addresses: list(z.object({ url: required })),
    conditions: conditionsSchema,
  }),
});

export function parseLlmInferenceService(raw: unknown): LLMInferenceService {
  const { metadata, spec, status } = llmServiceSchema.parse(raw);
  return {
    meta: metadata,
    model: spec.model,
    main: toWorkload(spec),
    prefill: spec.prefill === null ? null : toWorkload(spec.prefill),
    router:
      spec.router === null
        ? null
        : {
            hasRoute: spec.router.route,
            hasScheduler: spec.router.scheduler,
            hasGateway: spec.router.gateway !== null,
            gatewayRefs: spec.router.gateway?.refs ?? [],
          },
    observedGeneration: status.observedGeneration,
    url: status.url,
    addresses: status.addresses.map((address) => address.url),
    conditions: status.conditions,
  };
}

const workloadSchema = z.object(workloadShape);

function toWorkload(raw: z.output<typeof workloadSchema>): LlmWorkload {
  return {
    replicas: raw.replicas,
    parallelism: raw.parallelism,
    hasWorker: raw.worker !== null,
    templateGpus: templateGpus(raw.template),
    templateContainers: (raw.template?.containers ?? []).map((container) => ({
      name: container.name,
      gpus: countGpus(containerGpus(container)),
    })),
    workerGpus: templateGpus(raw.worker),
  };
}

function templateGpus(template: z.output<typeof podTemplateSchema>): Amounts {
  const sum: Record<string, number> = {};
  for (const container of template?.containers ?? []) {
    for (const [resource, amount] of Object.entries(containerGpus(container))) {
      sum[resource] = (sum[resource] ?? 0) + amount;
    }
  }
  return sum;
}

const inferenceServiceSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    predictor: fields({
      minReplicas: integer,
      maxReplicas: integer,
      model: fields({ storageUri: text, args: texts, resources: containerSchema.shape.resources }),
    }),
  }),
  status: fields({
    url: text,
    deploymentMode: text,
    observedGeneration: integer,
    conditions: conditionsSchema,
    modelStatus: optionalFields({
      transitionStatus: text,
      states: fields({ activeModelState: text }),
      lastFailureInfo: optionalFields({ reason: text, message: text }),
    }),
  }),
});

export function parseInferenceService(raw: unknown): InferenceService {
  const { metadata, spec, status } = inferenceServiceSchema.parse(raw);
  const { predictor } = spec;
  return {
    meta: metadata,
    minReplicas: predictor.minReplicas,
    maxReplicas: predictor.maxReplicas,
    modelUri: predictor.model.storageUri,
    args: argumentsWithoutSecrets(predictor.model.args),
    gpus: containerGpus(predictor.model),
    url: status.url,
    deploymentMode: status.deploymentMode,
    modelStatus:
      status.modelStatus === null
        ? null
        : {
            transitionStatus: status.modelStatus.transitionStatus,
            activeModelState: status.modelStatus.states.activeModelState,
            lastFailure: status.modelStatus.lastFailureInfo,
          },
    conditions: status.conditions,
    observedGeneration: status.observedGeneration,
  };
}
