import type { Checklist, Evidence, Gate } from '@/lib/domain/checklist';
import type { Flip } from '@/lib/domain/checklist-flips';
import {
  ARMS,
  GATE_LAYERS,
  GATE_REASONS,
  GATE_STATUSES,
  LIGHTS,
  MODES,
  VERDICTS,
} from '@/lib/domain/vocabulary';
import { z } from './zod';

const evidenceSchema: z.ZodType<Evidence> = z.object({
  source: z.enum(['kubernetes', 'openapi', 'prometheus', 'probe']),
  request: z.string(),
  observedAt: z.string(),
  httpStatus: z.number().nullable(),
  excerpt: z.unknown(),
});

export const gateSchema: z.ZodType<Gate> = z.object({
  id: z.string(),
  layer: z.enum(GATE_LAYERS),
  title: z.string(),
  required: z.boolean(),
  status: z.enum(GATE_STATUSES),
  progressing: z.boolean(),
  reason: z.enum(GATE_REASONS).nullable(),
  blockedBy: z.string().nullable(),
  lastKnown: z.object({ status: z.string(), at: z.string() }).nullable(),
  lights: z.object({ claim: z.enum(LIGHTS), pods: z.enum(LIGHTS), probe: z.enum(LIGHTS) }).nullable(),
  finding: z.string(),
  missingRight: z
    .object({ verb: z.string(), group: z.string(), resource: z.string(), namespace: z.string().nullable() })
    .nullable(),
  evidence: z.array(evidenceSchema),
  command: z.string(),
  why: z.string(),
  remedy: z.string(),
  owner: z.enum(['cluster-admin', 'user']),
  document: z.object({ title: z.string(), url: z.string() }).nullable(),
});

const flipSchema: z.ZodType<Flip> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('gate'),
    id: z.string(),
    title: z.string(),
    from: z.enum(GATE_STATUSES),
    to: z.enum(GATE_STATUSES),
    finding: z.string(),
    at: z.string(),
  }),
  z.object({ kind: z.literal('verdict'), from: z.enum(VERDICTS), to: z.enum(VERDICTS), at: z.string() }),
]);

export const checklistSchema: z.ZodType<Checklist> = z.object({
  mode: z.enum(MODES),
  evaluatedAt: z.string(),
  verdict: z.enum(VERDICTS),
  gates: z.array(gateSchema),
  // Added after the first release: a checklist without them is read as one that has none.
  flips: z.array(flipSchema).default([]),
  links: z
    .array(z.object({ id: z.enum(['console', 'argocd', 'grafana']), label: z.string(), url: z.string() }))
    .default([]),
  unauthenticated: z.array(z.enum(ARMS)).default([]),
});
