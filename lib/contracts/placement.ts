import type { Placement } from '@/lib/domain/placement';
import { ARMS, MODES, POD_ROLES, SOURCE_STATES } from '@/lib/domain/vocabulary';
import { z } from './zod';

export const placementSchema: z.ZodType<Placement> = z.object({
  mode: z.enum(MODES),
  observedAt: z.string(),
  nodesState: z.enum(SOURCE_STATES),
  foldedNodes: z.number(),
  statement: z.object({
    kind: z.enum(['replicas', 'data-parallel', 'shards', 'prefill-decode', 'mixed', 'none']),
    text: z.string(),
    verdict: z.enum(['pass', 'warn', 'fail', 'unknown']),
  }),
  nodes: z.array(
    z.object({
      name: z.string(),
      instanceType: z.string().nullable(),
      zone: z.string().nullable(),
      ready: z.boolean(),
      schedulable: z.boolean(),
      taints: z.array(z.string()),
      gpu: z.object({
        resource: z.string(),
        product: z.string().nullable(),
        capacity: z.number().nullable(),
        allocatable: z.number().nullable(),
        requested: z.number().nullable(),
      }),
      slots: z.array(
        z.object({
          index: z.number(),
          occupant: z.object({ uid: z.string(), namespace: z.string(), name: z.string() }).nullable(),
          state: z.enum(['free', 'taken', 'unknown']),
        }),
      ),
    }),
  ),
  pods: z.array(
    z.object({
      name: z.string(),
      namespace: z.string(),
      uid: z.string(),
      arm: z.enum([...ARMS, 'other']),
      role: z.enum(POD_ROLES),
      node: z.string().nullable(),
      gpus: z.number(),
      phase: z.string(),
      ready: z.boolean(),
      terminating: z.boolean(),
      restarts: z.number(),
      waitingReason: z.string().nullable(),
      group: z
        .object({ set: z.string(), groupIndex: z.number(), workerIndex: z.number(), size: z.number() })
        .nullable(),
      createdAt: z.string(),
    }),
  ),
  path: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      name: z.string(),
      state: z.enum(['pass', 'warn', 'fail', 'unknown', 'absent']),
      finding: z.string(),
    }),
  ),
  schedulerInPath: z.boolean().nullable(),
  activity: z.array(
    z.object({
      pod: z.string(),
      running: z.number().nullable(),
      waiting: z.number().nullable(),
      kvCacheUsageRatio: z.number().nullable(),
      tokensPerSecond: z.number().nullable(),
      sampledAt: z.string().nullable(),
      promql: z.string(),
    }),
  ),
  events: z.array(
    z.object({
      uid: z.string(),
      at: z.string(),
      type: z.enum(['Normal', 'Warning']),
      reason: z.string(),
      object: z.object({ kind: z.string(), name: z.string() }),
      message: z.string(),
    }),
  ),
});
