import { readHandler } from '@/lib/server/http/handler';
import { jsonResponse } from '@/lib/server/http/problem';

export const dynamic = 'force-dynamic';

/** 200 once a first snapshot of every source was attempted; not "cluster reachable". 503 again while shutting down. */
export const GET = readHandler((runtime) =>
  runtime.isReady() ? jsonResponse({ status: 'ready' }) : jsonResponse({ status: 'starting' }, 503),
);
