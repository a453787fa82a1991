import { loadCommandSchema, loadQuerySchema } from '@/lib/contracts/load';
import { guardControl } from '@/lib/server/actions/guard-action';
import { readJsonBody } from '@/lib/server/http/guards';
import { jsonHandler, writeHandler } from '@/lib/server/http/handler';
import { parseInput, queryObject } from '@/lib/server/http/parse';
import { jsonResponse } from '@/lib/server/http/problem';

export const dynamic = 'force-dynamic';

export const GET = jsonHandler((runtime, request) => {
  const { samples } = parseInput(loadQuerySchema, queryObject(request.url));
  return runtime.load.state(samples === 'yes');
});

export const POST = writeHandler(async (runtime, request) => {
  const command = parseInput(loadCommandSchema, await readJsonBody(request));
  switch (command.action) {
    case 'start': {
      guardControl(request.headers, runtime.config);
      const started = runtime.load.start(command.plan);
      runtime.log.info(command.plan, 'a background load was started from the dashboard');
      return jsonResponse(started);
    }
    case 'keep':
      runtime.load.keep(command.runId);
      return jsonResponse({ kept: true });
    case 'stop':
      if (command.runId === undefined || !runtime.load.isRunOf(command.runId)) {
        guardControl(request.headers, runtime.config);
      }
      return jsonResponse(runtime.load.stop());
    default:
      return command satisfies never;
  }
});
