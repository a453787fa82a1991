import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * The way between a browser and the dashboard, as a router before a dead network looks from both ends: it takes everything,
 * hands nothing on, and closes nothing.
 */
export interface QuietNetwork {
  /** The dashboard's address through it. */
  url: string;
  /** Pings of the dashboard that a browser answered so far. */
  answeredPings(): number;
  /** Pieces that wait since it fell silent. */
  heldBack(): number;
  /** From now on nothing gets through, in either direction. */
  fallSilent(): void;
  /** What was held back goes on, in order. */
  recover(): void;
  close(): Promise<void>;
}

/** First byte of a WebSocket's pong (RFC 6455 §5.2); no request of HTTP begins with it. */
const PONG = 0x8a;

export async function openQuietNetwork(to: string): Promise<QuietNetwork> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<Socket>();
  const heldBack: { to: Socket; bytes: Buffer }[] = [];
  let isSilent = false;
  let answeredPings = 0;
  const join = (from: Socket, onward: Socket): void => {
    sockets.add(from);
    from.on('data', (bytes) => {
      if (isSilent) heldBack.push({ to: onward, bytes });
      else onward.write(bytes);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      // The end of a connection gets no further than its bytes.
      if (!isSilent) onward.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect({ port: Number(port), host: hostname, noDelay: true });
    near.setNoDelay(true);
    near.on('data', (bytes) => {
      if (bytes[0] === PONG) answeredPings += 1;
    });
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answeredPings: () => answeredPings,
    heldBack: () => heldBack.length,
    fallSilent: () => {
      isSilent = true;
    },
    recover: () => {
      isSilent = false;
      for (const { to: onward, bytes } of heldBack.splice(0)) onward.write(bytes);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
