import 'server-only';
import { HEARTBEAT_MS, LIVE_TARGETS, type LiveEvent } from '@/lib/contracts/live-event';
import type { Checklist } from '@/lib/domain/checklist';
import type { Placement } from '@/lib/domain/placement';
import type { Status } from '@/lib/domain/status';
import type { Steps } from '@/lib/domain/steps';
import { encodeSseFrame } from '@/lib/server/http/sse';
import { type ClientStream, createClientStream } from './client-stream';
import { diffJson } from './diff-json';

export interface LiveState {
  status: Status;
  checklist: Checklist;
  placement: Placement;
}

/** More browsers than this are told to come back later. */
export const MAX_STREAMS = 500;
/** A page opens one, and shares it with the browser's other tabs; a script that opens more takes other people's. */
export const MAX_STREAMS_PER_SESSION = 20;
/** Polite end of a stream; the browser reconnects at once. Bounds whatever a proxy may leak. */
export const MAX_STREAM_AGE_MS = 60 * 60 * 1_000;
/** What the browser is told to wait after a restart. */
const RESTART_RETRY_MS = 1_000;

export interface HubOptions {
  buildId: string;
  /** Names this process in event ids, so that a restarted server knows an id is not its own. */
  processId: string;
  initial: LiveState;
  nowMs(): number;
  heartbeatMs?: number;
}

/** What is not state but news: told once to whoever listens. */
export type LiveNews = Extract<LiveEvent, { type: 'compare-ready' | 'served-by' }>;

export interface Hub {
  /** A stream for one browser, or `null` when there are too many, of this session or in all. Ends when `signal` aborts. */
  connect(signal: AbortSignal, session?: string): ReadableStream<Uint8Array> | null;
  /**
   * Replaces the state, one document after the other; every client gets the difference. Nothing is sent when nothing changed.
   * To be finished before the next one begins.
   */
  publish(next: LiveState): Steps<void>;
  tell(news: LiveNews): void;
  current(): LiveState;
  /** Live streams now; for tests and metrics. */
  streamCount(): number;
  /** Tells every client that the server restarts, and ends its stream. */
  shutdown(): void;
}

const encoder = new TextEncoder();

/** Snapshot first, then patches; one serialisation for all clients (platform-pitfalls §4.3). */
export function createHub(options: HubOptions): Hub {
  const heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  const clients = new Map<ClientStream, { openedAtMs: number; session: string | undefined }>();
  let state = options.initial;
  let sequence = 0;
  let isDown = false;

  const encode = (event: LiveEvent, seq: number | null): Uint8Array => {
    const { type, ...data } = event;
    const id = seq === null ? {} : { id: `${options.processId}-${seq}` };
    const retry = event.type === 'restarting' ? { retryMs: event.retryMs } : {};
    return encoder.encode(encodeSseFrame({ event: type, ...id, ...retry, data }));
  };
  const snapshot = (): Uint8Array => encode({ type: 'snapshot', seq: sequence, ...state }, sequence);
  const broadcast = (bytes: Uint8Array): void => {
    for (const client of clients.keys()) client.send(bytes);
  };

  const beat = setInterval(() => {
    const nowMs = options.nowMs();
    for (const [client, { openedAtMs }] of clients) {
      if (nowMs - openedAtMs > MAX_STREAM_AGE_MS) client.close();
    }
    broadcast(encode({ type: 'heartbeat', seq: sequence, at: new Date(nowMs).toISOString() }, null));
  }, heartbeatMs);
  beat.unref();

  const isFull = (session: string | undefined): boolean => {
    if (clients.size >= MAX_STREAMS) return true;
    if (session === undefined) return false;
    const own = [...clients.values()].filter((client) => client.session === session);
    return own.length >= MAX_STREAMS_PER_SESSION;
  };

  return {
    connect: (signal, session) => {
      if (isDown || isFull(session) || signal.aborted) return null;
      const client = createClientStream(snapshot, () => {
        clients.delete(client);
        signal.removeEventListener('abort', onAbort);
      });
      const onAbort = (): void => client.close();
      signal.addEventListener('abort', onAbort);
      clients.set(client, { openedAtMs: options.nowMs(), session });
      client.send(
        encode({ type: 'hello', buildId: options.buildId, mode: state.status.mode, heartbeatMs }, null),
      );
      client.send(snapshot());
      return client.body;
    },
    *publish(next) {
      for (const target of LIVE_TARGETS) {
        const ops = yield* diffJson(state[target], next[target]);
        state = { ...state, [target]: next[target] };
        if (ops.length === 0) continue;
        sequence += 1;
        if (clients.size > 0) broadcast(encode({ type: 'patch', seq: sequence, target, ops }, sequence));
      }
    },
    tell: (news) => broadcast(encode(news, null)),
    current: () => state,
    streamCount: () => clients.size,
    shutdown: () => {
      isDown = true;
      clearInterval(beat);
      const goodbye = encode({ type: 'restarting', retryMs: RESTART_RETRY_MS }, null);
      for (const client of [...clients.keys()]) client.close(goodbye);
    },
  };
}
