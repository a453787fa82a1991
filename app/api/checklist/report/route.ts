import { reportQuerySchema } from '@/lib/contracts/checklist-report';
import { readHandler } from '@/lib/server/http/handler';
import { parseInput, queryObject } from '@/lib/server/http/parse';

export const dynamic = 'force-dynamic';

const FILES = {
  markdown: { type: 'text/markdown; charset=utf-8', name: 'checklist.md' },
  json: { type: 'application/json; charset=utf-8', name: 'checklist.json' },
} as const;

export const GET = readHandler((runtime, request) => {
  const { format } = parseInput(reportQuerySchema, queryObject(request.url));
  const file = FILES[format];
  return new Response(runtime.report(format), {
    headers: {
      'Content-Type': file.type,
      'Content-Disposition': `attachment; filename="${file.name}"`,
      'Cache-Control': 'no-store',
    },
  });
});
