/**
 * Starts the dashboard: the front door, and Next.js behind it. `NODE_ENV=development` runs the development
 * server; everything else runs the build that lies beside this folder.
 */
import type { AddressInfo } from 'node:net';
import next from 'next';
import { createFrontDoor } from './front-door.ts';
import { type FrontDoorBridge, readBridge } from './process-slot.ts';

/** Running chats may finish for this long after SIGTERM; the process is gone within ten seconds whatever happens. */
const CHAT_GRACE_MS = 5_000;
const HARD_STOP_MS = 9_000;
/** What was answered last may take this long to leave. */
const FLUSH_MS = 1_000;
/** In development the core is compiled first. */
const CORE_START_MS = 60_000;

const basePath = process.env.BASE_PATH ?? '';
const isDevelopment = process.env.NODE_ENV === 'development';
// For Next.js's own idea of its address only; where we listen says the configuration, which it has not read yet.
const app = next({ dev: isDevelopment, dir: process.cwd(), hostname: process.env.HOSTNAME || '127.0.0.1' });

// register() of instrumentation.ts parses the configuration and starts the watches.
await app.prepare();
const bridge = await untilTheCoreIsUp();
const { listen } = bridge;

/** Next.js runs register() beside `prepare`, not within it. Listening before would answer 421 to everybody. */
async function untilTheCoreIsUp(): Promise<FrontDoorBridge> {
  const deadline = Date.now() + CORE_START_MS;
  for (;;) {
    const started = readBridge();
    if (started !== null) return started;
    if (Date.now() > deadline) {
      console.error('The server core did not start; nothing would be answered.');
      process.exit(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const handle = app.getRequestHandler();
const server = createFrontDoor({
  handle: (request, response) => void handle(request, response),
  basePath,
  isAllowedHost: bridge.isAllowedHost,
  // In development Next.js compiles the route anew when its sources change.
  ...(isDevelopment ? {} : { answerChat: bridge.answerChat }),
  answerPresence: bridge.answerPresence,
  handleUpgrade: isDevelopment ? app.getUpgradeHandler() : undefined,
});

server.on('error', (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === 'EADDRINUSE'
      ? `Port ${listen.port} is in use. Choose another with PORT, or 0 for a free one.`
      : `The server cannot listen: ${error.message}`,
  );
  process.exit(1);
});

server.listen(listen.port, listen.hostname, () => {
  const { address, port, family } = server.address() as AddressInfo;
  const shown = family === 'IPv6' ? `[${address}]` : address;
  console.log(`Dashboard: http://${shown}:${port}${basePath}`);
});

// Whoever read our output may be gone. Without this a failed write is an uncaught error, which is logged, which fails again.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

let isStopping = false;
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(0), HARD_STOP_MS).unref();
  const allClosed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  void bridge.shutdown(CHAT_GRACE_MS).finally(async () => {
    // A connection is idle, and closed, once its answer has been handed over whole.
    const closing = setInterval(() => server.closeIdleConnections(), 20);
    await Promise.race([allClosed, new Promise((resolve) => setTimeout(resolve, FLUSH_MS))]);
    clearInterval(closing);
    server.closeAllConnections();
    process.exit(0);
  });
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Started by a script of ours: end with it, even when it is killed without a word.
if (process.channel !== undefined) {
  process.channel.unref();
  process.on('disconnect', stop);
}
