import 'server-only';
import type { Socket } from 'node:net';
import type { Clock } from '@/lib/server/clock';
import { portsOf, readUnacknowledged } from './unacknowledged';

const LOOK_MS = 1_000;
/** A reader that acknowledges nothing for this long, though something waits for it, is gone. A hiccup of a Wi-Fi is shorter. */
export const SILENT_MS = 5_000;

/** Notices readers that are gone without a word: a cut network closes no connection (docs/decisions/0226). */
export interface ReaderWatch {
  /** Calls back at most once; returns how to stop watching. */
  watch(socket: Socket, onGone: () => void): () => void;
}

interface Watched {
  socket: Socket;
  onGone: () => void;
  /** Of what was written, when it was last seen alive. */
  acknowledgedAtMost: number;
  waitingBytes: number;
  /** When more was acknowledged, or nothing was waiting. */
  aliveAtMs: number;
}

export function createReaderWatch(clock: Clock, read = readUnacknowledged): ReaderWatch {
  const all = new Set<Watched>();
  let isLooking = false;

  /** One look for all, and none while nobody is watched. */
  function lookLater(): void {
    if (isLooking || all.size === 0) return;
    isLooking = true;
    clock.after(LOOK_MS, () => {
      look().finally(() => {
        isLooking = false;
        lookLater();
      });
    });
  }

  async function look(): Promise<void> {
    // Tokens are written while the kernel is asked: what is acknowledged lies between what both moments say.
    const looked = [...all].map((watched) => ({ watched, writtenAtLeast: writtenTo(watched.socket) }));
    const unacknowledged = await read();
    if (unacknowledged === null) return;
    const nowMs = clock.monotonic();
    for (const { watched, writtenAtLeast } of looked) {
      if (!all.has(watched)) continue;
      const { socket } = watched;
      const waitingBytes = unacknowledged.get(portsOf(socket.localPort ?? 0, socket.remotePort ?? 0)) ?? 0;
      const isAlive =
        waitingBytes === 0 ||
        waitingBytes < watched.waitingBytes ||
        writtenAtLeast - waitingBytes > watched.acknowledgedAtMost;
      watched.waitingBytes = waitingBytes;
      if (isAlive) {
        watched.acknowledgedAtMost = writtenTo(socket) - waitingBytes;
        watched.aliveAtMs = nowMs;
      } else if (nowMs - watched.aliveAtMs >= SILENT_MS) {
        all.delete(watched);
        watched.onGone();
      }
    }
  }

  return {
    watch: (socket, onGone) => {
      const watched: Watched = {
        socket,
        onGone,
        acknowledgedAtMost: writtenTo(socket),
        waitingBytes: 0,
        aliveAtMs: clock.monotonic(),
      };
      all.add(watched);
      lookLater();
      return () => all.delete(watched);
    },
  };
}

/** Bytes that Node has handed to the kernel; of a large piece under way, none. */
function writtenTo(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength;
}
