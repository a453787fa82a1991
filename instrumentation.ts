/** Next.js calls this once before it serves; it also loads it for the edge runtime and in builds, where nothing must start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return;
  const { startServerCore } = await import('@/lib/server/start');
  startServerCore();
}
