import { POD_STATES } from '@/lib/domain/objects/pod-state';
import type { Placement } from '@/lib/domain/placement';
import { ARMS, MODES, POD_ROLES, SOURCE_STATES } from '@/lib/domain/vocabulary';
import { z } from './zod';

const linkStateSchema = z.enum(['pass', 'warn', 'fail', 'unknown', 'absent']);
const time = z.string().nullable();
const count = z.number().nullable();

export const placementSchema: z.ZodType<Placement> = z.object({
  mode: z.enum(MODES),
  observedAt: z.string(),
  nodesState: z.enum(SOURCE_STATES),
  foldedNodes: z.number(),
  statement: z.object({
    kind: z.enum(['replicas', 'data-parallel', 'shards', 'prefill-decode', 'mixed', 'none']),
    text: z.string(),
    verdict: z.enum(['pass', 'warn', 'fail', 'unknown']),
    note: z.string().nullable(),
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
      doing: z.enum(POD_STATES),
      progressing: z.boolean(),
      since: time,
    }),
  ),
  path: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      name: z.string(),
      state: linkStateSchema,
      finding: z.string(),
      summary: z.string(),
      request: z.string(),
      observedAt: time,
    }),
  ),
  schedulerInPath: z.boolean().nullable(),
  schedulerFinding: z.string(),
  activity: z.array(
    z.object({
      pod: z.string(),
      running: z.number().nullable(),
      waiting: z.number().nullable(),
      kvCacheUsageRatio: z.number().nullable(),
      tokensPerSecond: z.number().nullable(),
      sampledAt: z.string().nullable(),
      promql: z.string(),
      gpu: z
        .object({
          utilizationRatio: count,
          memoryUsedBytes: count,
          memoryTotalBytes: count,
          sampledAt: time,
          promql: z.string(),
        })
        .nullable(),
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
  podsState: z.enum(SOURCE_STATES),
  isOutdated: z.boolean(),
  allPodsSeen: z.boolean(),
  stories: z.array(
    z.object({
      uid: z.string(),
      name: z.string(),
      namespace: z.string(),
      arm: z.enum(ARMS),
      role: z.enum(POD_ROLES),
      node: z.string().nullable(),
      place: z.string(),
      createdAt: z.string(),
      scheduledAt: time,
      startedAt: time,
      readyAt: time,
      deletedAt: time,
      goneAt: time,
      restarts: z.number(),
      restartedAt: time,
      replaces: z
        .object({ uid: z.string(), name: z.string(), node: z.string().nullable(), deletedAt: z.string() })
        .nullable(),
    }),
  ),
  services: z.array(
    z.object({
      uid: z.string(),
      parent: z.string().nullable(),
      arm: z.enum(ARMS),
      kind: z.string(),
      name: z.string(),
      state: linkStateSchema,
      finding: z.string(),
      request: z.string(),
    }),
  ),
  scaling: z.array(
    z.object({
      arm: z.enum(ARMS),
      desired: count,
      created: z.number(),
      gated: z.number(),
      unscheduled: z.number(),
      loading: z.number(),
      ready: z.number(),
      terminating: z.number(),
      autoscaler: z
        .object({
          kind: z.enum(['HPA', 'KEDA']),
          name: z.string(),
          min: count,
          max: count,
          current: count,
          desired: count,
          metrics: z.array(
            z.object({ name: z.string(), target: z.string().nullable(), current: z.string().nullable() }),
          ),
          request: z.string(),
        })
        .nullable(),
    }),
  ),
  quota: z
    .object({
      localQueue: z.string(),
      clusterQueue: z.string(),
      used: count,
      total: count,
      pendingWorkloads: count,
      request: z.string(),
    })
    .nullable(),
  actions: z.object({ deletePod: z.boolean(), needsToken: z.boolean() }),
  requests: z.object({ nodes: z.string(), pods: z.string(), events: z.string() }),
});
