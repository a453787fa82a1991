/** What stands in front of a decode engine: has the prompt computed elsewhere first, where there is an elsewhere (metrics §13.6). */
import type { Clock } from '../clock.ts';
import type { Engine } from '../parts.ts';
import type { Abort, EngineCore, GenerationRequest } from './engine-core.ts';

/** The header in which the endpoint picker names the prefill pod, `ip:port`. */
export const PREFILLER_HEADER = 'x-prefiller-host-port';

/** The decode engine knows a request only once its prompt is computed; a prefill pod that fails leaves it the whole work. */
export function submitAfterPrefill(
  core: EngineCore,
  clock: Clock,
  prefiller: Engine | undefined,
  request: GenerationRequest,
): Abort {
  if (prefiller?.prefill === undefined) return core.submit(request);
  let abort = prefiller.prefill(request.promptTokens, (isComputed) => {
    const later = { ...request, arrivedMs: clock.nowMs() };
    const isThere = (): boolean => prefiller.isAlive?.() ?? true;
    abort = core.submit(isComputed ? { ...later, source: { isThere } } : later);
  });
  return () => abort();
}
