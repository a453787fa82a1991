import 'server-only';
import { getRuntime, type Runtime } from '@/lib/server/runtime';
import { guardRead, guardWrite } from './guards';
import { HttpProblem, isHttpProblem, jsonResponse, problemResponse } from './problem';

type Answer = Response | Promise<Response>;

/** Whatever goes wrong becomes a problem in the contract's shape. */
export async function orProblem<T>(runtime: Runtime, handle: () => T | Promise<T>): Promise<T | Response> {
  try {
    return await handle();
  } catch (error) {
    if (isHttpProblem(error)) return problemResponse(error);
    runtime.log.error({ err: error }, 'a request failed unexpectedly');
    return problemResponse(
      new HttpProblem(500, 'internal', 'The dashboard failed on this request; its log says why.'),
    );
  }
}

type Handle = (runtime: Runtime, request: Request) => Answer;
type RouteHandler = (request: Request) => Promise<Response>;

function guardedBy(guard: typeof guardRead): (handle: Handle) => RouteHandler {
  return (handle) => (request) => {
    const runtime = getRuntime();
    return orProblem(runtime, () => {
      guard(request, runtime.config.rights.publicHosts);
      return handle(runtime, request);
    });
  };
}

/** A handler of GET: hosts and sites are checked, problems are answered in the contract's shape. */
export const readHandler = guardedBy(guardRead);

/** A handler of POST: origins and body type are checked besides. */
export const writeHandler = guardedBy(guardWrite);

/** A handler of GET that answers a value as JSON. */
export function jsonHandler(read: (runtime: Runtime, request: Request) => unknown): RouteHandler {
  return readHandler(async (runtime, request) => jsonResponse(await read(runtime, request)));
}
