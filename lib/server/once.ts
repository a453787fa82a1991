import 'server-only';

/**
 * One instance per process and name, shared by instrumentation and all route handlers: Next.js bundles each of
 * them apart, so only `globalThis` is common ground (platform-pitfalls §3 N1).
 */
export function once<T>(name: string, create: () => T): T {
  const slots = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`llm-d-live.${name}`);
  const existing = slots[key];
  if (existing !== undefined) return existing;
  const created = create();
  slots[key] = created;
  return created;
}
