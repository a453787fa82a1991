import type { Evidence } from '../checklist';
import type { ResourceView } from '../cluster';
import type { Condition } from '../objects/meta';
import type { ProbeResult } from '../probe';
import type { UnixMs } from '../vocabulary';

/** Contract: `excerpt` ≤ 4 KB. Measured on its JSON; room is left for multi-byte characters. */
const MAX_EXCERPT_CHARACTERS = 3_600;

/** The deciding part of an answer of the API server. */
export function kubernetesEvidence(view: ResourceView<unknown>, excerpt: unknown, now: UnixMs): Evidence {
  return {
    source: view.request.includes('/openapi/') ? 'openapi' : 'kubernetes',
    request: view.request,
    observedAt: isoTime(view.lastProofAt ?? now),
    httpStatus: view.httpStatus,
    excerpt: boundExcerpt(excerpt),
  };
}

export function probeEvidence(probe: ProbeResult): Evidence {
  return {
    source: 'probe',
    request: probe.request,
    observedAt: isoTime(probe.observedAt),
    httpStatus: probe.httpStatus,
    excerpt: boundExcerpt({
      path: probe.path,
      outcome: probe.outcome,
      finding: probe.finding,
      modelIds: probe.modelIds,
      durationMs: probe.durationMs,
      schedulerSeen: probe.schedulerSeen,
    }),
  };
}

/** Conditions as evidence: what they say, without their history. */
export function conditionsExcerpt(
  conditions: readonly Condition[],
  types?: readonly string[],
): { type: string; status: string; reason?: string; message?: string }[] {
  return conditions
    .filter((condition) => types === undefined || types.includes(condition.type))
    .map(({ type, status, reason, message }) => ({
      type,
      status,
      ...(reason === null ? {} : { reason }),
      ...(message === null ? {} : { message: shorten(message, 300) }),
    }));
}

/** Cuts an excerpt to its limit: long lists lose their tail and say so, anything else becomes a short text. */
export function boundExcerpt(excerpt: unknown): unknown {
  if (lengthOf(excerpt) <= MAX_EXCERPT_CHARACTERS) return excerpt;
  if (Array.isArray(excerpt)) {
    let kept = excerpt;
    while (kept.length > 0 && lengthOf(kept) > MAX_EXCERPT_CHARACTERS) {
      kept = kept.slice(0, Math.floor(kept.length / 2));
    }
    if (kept.length > 0) return [...kept, `… ${excerpt.length - kept.length} more`];
  }
  return shorten(JSON.stringify(excerpt) ?? '', MAX_EXCERPT_CHARACTERS / 2);
}

/** Bytes matter, and characters outside ASCII take several. */
function lengthOf(value: unknown): number {
  const json = JSON.stringify(value) ?? '';
  let bytes = 0;
  for (const character of json) bytes += (character.codePointAt(0) ?? 0) > 0x7f ? 4 : 1;
  return bytes;
}

export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

export function isoTime(time: UnixMs): string {
  return new Date(time).toISOString();
}
