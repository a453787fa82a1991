import { jsonHandler } from '@/lib/server/http/handler';

export const dynamic = 'force-dynamic';

/** Liveness: the event loop turns. Touches nothing outside the process. */
export const GET = jsonHandler(() => ({ status: 'ok' }));
