import { jsonHandler } from '@/lib/server/http/handler';

export const dynamic = 'force-dynamic';

export const GET = jsonHandler((runtime) => runtime.guidellm());
