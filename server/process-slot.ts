import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The one meeting point between the HTTP front door (this folder, loaded by Node) and the application that
 * Next.js bundles: a named slot on `globalThis`. Next compiles instrumentation and every route handler into
 * separate bundles, so module-level variables are not shared; only `globalThis` is (platform-pitfalls §3 N1).
 */
const SLOT = Symbol.for('llm-d-live.front-door');

/** What the application tells the front door. */
export interface FrontDoorBridge {
  /** `PORT` and `HOSTNAME`, wherever they were set. */
  listen: { port: number; hostname: string };
  /** Whether a Host header may be answered: a loopback name or one of PUBLIC_HOSTS. */
  isAllowedHost(hostHeader: string | undefined): boolean;
  /** POST /api/chat, with all of its guards. */
  answerChat(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The WebSocket of /api/chat/presence, with all of its guards. */
  answerPresence(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells live streams that the server restarts, gives running chats up to `graceMs`, stops watches. */
  shutdown(graceMs: number): Promise<void>;
}

type SlotHolder = { [SLOT]?: FrontDoorBridge };

export function publishBridge(bridge: FrontDoorBridge): void {
  (globalThis as SlotHolder)[SLOT] = bridge;
}

/** `null` until the application's `register()` has run. */
export function readBridge(): FrontDoorBridge | null {
  return (globalThis as SlotHolder)[SLOT] ?? null;
}
