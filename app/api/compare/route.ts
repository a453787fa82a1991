import { compareQuerySchema } from '@/lib/contracts/compare';
import { jsonHandler } from '@/lib/server/http/handler';
import { parseInput, queryObject } from '@/lib/server/http/parse';

export const dynamic = 'force-dynamic';

export const GET = jsonHandler((runtime, request) =>
  runtime.compare(parseInput(compareQuerySchema, queryObject(request.url))),
);
