import 'server-only';
import type { UsageReports } from '@/lib/domain/chat-body';

/** Which usage reports an endpoint takes, learned from its refusals, so that the next chat asks rightly at once. */
export interface UsageMemory {
  of(baseUrl: string): UsageReports;
  learn(baseUrl: string, usage: UsageReports): void;
}

/** Endpoints; the one learned of longest ago is forgotten first. */
const MAX_REMEMBERED = 32;

export function createUsageMemory(): UsageMemory {
  const known = new Map<string, UsageReports>();
  return {
    of: (baseUrl) => known.get(baseUrl) ?? 'continuous',
    learn: (baseUrl, usage) => {
      known.delete(baseUrl);
      known.set(baseUrl, usage);
      const [oldest] = known.keys();
      if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
    },
  };
}
