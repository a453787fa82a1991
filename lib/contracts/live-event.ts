import type { Checklist } from '@/lib/domain/checklist';
import type { Placement } from '@/lib/domain/placement';
import type { Status } from '@/lib/domain/status';
import { MODES, type Mode } from '@/lib/domain/vocabulary';
import { checklistSchema } from './checklist';
import { placementSchema } from './placement';
import { statusSchema } from './status';
import { z } from './zod';

export const LIVE_TARGETS = ['status', 'checklist', 'placement'] as const;
export type LiveTarget = (typeof LIVE_TARGETS)[number];

/** Server beats every 5 s; the browser gives up after 12 s of silence (platform-pitfalls §4.3). */
export const HEARTBEAT_MS = 5_000;
export const PATIENCE_MS = 12_000;

/** One RFC 6902 operation; the browser applies them with the `rfc6902` package. */
export interface PatchOperation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  value?: unknown;
  from?: string | undefined;
}

/** Events of GET /api/events, named by their `event:` field; the data line holds the rest as JSON. */
export type LiveEvent =
  | { type: 'hello'; buildId: string; mode: Mode; heartbeatMs: number }
  | { type: 'snapshot'; seq: number; status: Status; checklist: Checklist; placement: Placement }
  | { type: 'patch'; seq: number; target: LiveTarget; ops: PatchOperation[] }
  | { type: 'compare-ready'; at: string }
  | { type: 'served-by'; requestId: string; pod: string; method: string }
  | { type: 'heartbeat'; seq: number; at: string }
  | { type: 'restarting'; retryMs: number };

export const LIVE_EVENT_TYPES = [
  'hello',
  'snapshot',
  'patch',
  'compare-ready',
  'served-by',
  'heartbeat',
  'restarting',
] as const satisfies readonly LiveEvent['type'][];

export const liveEventSchema: z.ZodType<LiveEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), buildId: z.string(), mode: z.enum(MODES), heartbeatMs: z.number() }),
  z.object({
    type: z.literal('snapshot'),
    seq: z.number(),
    status: statusSchema,
    checklist: checklistSchema,
    placement: placementSchema,
  }),
  z.object({
    type: z.literal('patch'),
    seq: z.number(),
    target: z.enum(LIVE_TARGETS),
    ops: z.array(
      z.object({
        op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
        path: z.string(),
        value: z.unknown().optional(),
        from: z.string().optional(),
      }),
    ),
  }),
  z.object({ type: z.literal('compare-ready'), at: z.string() }),
  z.object({ type: z.literal('served-by'), requestId: z.string(), pod: z.string(), method: z.string() }),
  z.object({ type: z.literal('heartbeat'), seq: z.number(), at: z.string() }),
  z.object({ type: z.literal('restarting'), retryMs: z.number() }),
]) as z.ZodType<LiveEvent>;
