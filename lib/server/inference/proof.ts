import 'server-only';
import { blamesEndpoint } from '@/lib/domain/chat-failure';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { ProbeResult } from '@/lib/domain/probe';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { AttemptResult } from './chat-attempt';

/**
 * What one completion, real or probed, proves about its path. `null` where it proves nothing: the question itself was
 * refused, the person stopped it, or it broke after tokens had come.
 */
export function toProof(
  result: AttemptResult,
  endpoint: EndpointPath,
  url: URL,
  observedAt: UnixMs,
): ProbeResult | null {
  const { failure, headers, state, endedAtMs } = result;
  const hasTokens = state.timing.firstDeltaAtMs !== null;
  if (failure !== null && !blamesEndpoint(failure.code, hasTokens)) return null;
  return {
    arm: endpoint.arm,
    path: endpoint.path,
    kind: 'completion',
    request: `POST ${url.href}`,
    outcome: failure === null ? 'answered' : 'refused',
    httpStatus: failure?.upstreamStatus ?? headers?.status ?? null,
    observedAt,
    durationMs: Math.round(endedAtMs),
    finding: failure?.message ?? answeredFinding(result),
    modelIds: null,
    schedulerSeen: headers?.schedulerSeen ?? null,
    introducedAsLab: headers?.isLab ?? false,
  };
}

function answeredFinding({ state, endedAtMs }: AttemptResult): string {
  const tokens = state.usage?.completionTokens ?? null;
  const what = tokens === null ? 'An answer' : tokens === 1 ? '1 token' : `${tokens} tokens`;
  return `${what} in ${(endedAtMs / 1000).toFixed(2)} s.`;
}
