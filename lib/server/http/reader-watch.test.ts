import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import { createReaderWatch } from './reader-watch';
import { portsOf, readUnacknowledged, toUnacknowledged } from './unacknowledged';

/** Both ends of a connection. */
async function aConnection(): Promise<{ writer: Socket; reader: Socket }> {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer((socket) => accepted.resolve(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const writer = await accepted.promise;
  for (const socket of [reader, writer]) socket.on('error', () => undefined);
  onTestFinished(() => {
    reader.destroy();
    writer.destroy();
    server.close();
  });
  return { writer, reader };
}

/** One look, to its end. */
async function lookOnce(clock: ManualClock): Promise<void> {
  clock.advance(1_000);
  await vi.waitFor(() => expect(clock.pending()).toHaveLength(1));
}

const KERNEL_TELLS = existsSync('/proc/net/tcp');
/** More than the kernel's buffers of both ends take. */
const LARGE = Buffer.alloc(32 * 1024 * 1024);

describe('bytes that wait', () => {
  it('are read from the kernel’s table, of open connections alone', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:0BB8 0100007F:D431 01 0000012C:00000000 01:00000013 00000005     0        0 2 2
   2: 0100007F:0BB8 0200007F:D432 01 00000100:00000000 01:00000013 00000005     0        0 3 2
   3: 0100007F:0BB8 0300007F:D432 01 00000000:00000000 00:00000000 00000000     0        0 4 1
   4: 0000000000000000FFFF00000100007F:0BB8 0000000000000000FFFF00000100007F:D433 01 0000000A:00000000 01:0 0 0 0 5
   5: 0100007F:0BB8 0100007F:D434 06 00000064:00000000 03:00001770 00000000     0        0 0 3`;
    expect([...toUnacknowledged(table)]).toEqual([
      [portsOf(3000, 54_321), 300],
      [portsOf(3000, 54_322), 0],
      [portsOf(3000, 54_323), 10],
    ]);
  });
});

describe.skipIf(!KERNEL_TELLS)('the watch over readers', () => {
  it('finds one that stopped reading after five seconds', async () => {
    const clock = createManualClock();
    const { writer, reader } = await aConnection();
    reader.pause();
    const gone = vi.fn();
    writer.write(LARGE);
    const ports = portsOf(writer.localPort ?? 0, writer.remotePort ?? 0);
    await vi.waitFor(async () => expect((await readUnacknowledged())?.get(ports)).toBeGreaterThan(0));
    // What the kernel took is on its way until the reader's buffer is full.
    await vi.waitUntil(async () => {
      const before = (await readUnacknowledged())?.get(ports);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return before === (await readUnacknowledged())?.get(ports);
    });
    createReaderWatch(clock).watch(writer, gone);
    for (let seconds = 1; seconds <= 4; seconds += 1) await lookOnce(clock);
    expect(gone).not.toHaveBeenCalled();
    clock.advance(1_000);
    await vi.waitFor(() => expect(gone).toHaveBeenCalledTimes(1));
    await vi.waitFor(() => expect(clock.pending()).toEqual([]));
  });

  it('leaves one alone that reads, and one for whom nothing is there', async () => {
    const clock = createManualClock();
    const busy = await aConnection();
    const idle = await aConnection();
    busy.reader.resume();
    const watch = createReaderWatch(clock);
    const gone = vi.fn();
    const stops = [watch.watch(busy.writer, gone), watch.watch(idle.writer, gone)];
    for (let seconds = 1; seconds <= 12; seconds += 1) {
      busy.writer.write('token');
      await lookOnce(clock);
    }
    expect(gone).not.toHaveBeenCalled();
    for (const stop of stops) stop();
    clock.advance(1_000);
    await vi.waitFor(() => expect(clock.pending()).toEqual([]));
  });
});

describe('the watch over readers', () => {
  it('ends one of whom nothing is acknowledged, not one who is slow', async () => {
    const clock = createManualClock();
    const { writer } = await aConnection();
    const ports = portsOf(writer.localPort ?? 0, writer.remotePort ?? 0);
    let waiting = 0;
    const gone = vi.fn();
    createReaderWatch(clock, async () => new Map([[ports, waiting]])).watch(writer, gone);
    // Ten bytes a second are written, nine acknowledged.
    for (let seconds = 1; seconds <= 20; seconds += 1) {
      writer.write('0123456789');
      waiting += 1;
      await lookOnce(clock);
    }
    // From here on nothing is.
    for (let seconds = 1; seconds <= 4; seconds += 1) {
      writer.write('0123456789');
      waiting += 10;
      await lookOnce(clock);
    }
    expect(gone).not.toHaveBeenCalled();
    writer.write('0123456789');
    waiting += 10;
    clock.advance(1_000);
    await vi.waitFor(() => expect(gone).toHaveBeenCalledTimes(1));
  });

  it('is not misled by tokens that are written while the kernel is asked', async () => {
    const clock = createManualClock();
    const { writer } = await aConnection();
    const ports = portsOf(writer.localPort ?? 0, writer.remotePort ?? 0);
    const gone = vi.fn();
    let waiting = 0;
    const write = (): void => {
      writer.write('0123456789');
      waiting += 10;
    };
    // Nothing is ever acknowledged, and what is written after the kernel was looked at varies.
    createReaderWatch(clock, async () => {
      const seen = new Map([[ports, waiting]]);
      for (let tokens = 0; tokens < 1 + ((clock.monotonic() / 1_000) % 3); tokens += 1) write();
      return seen;
    }).watch(writer, gone);
    write();
    for (let seconds = 1; seconds <= 4; seconds += 1) await lookOnce(clock);
    expect(gone).not.toHaveBeenCalled();
    clock.advance(1_000);
    await vi.waitFor(() => expect(gone).toHaveBeenCalledTimes(1));
  });

  it('says nothing where the kernel says nothing', async () => {
    const clock = createManualClock();
    const { writer } = await aConnection();
    const gone = vi.fn();
    createReaderWatch(clock, async () => null).watch(writer, gone);
    for (let seconds = 1; seconds <= 12; seconds += 1) await lookOnce(clock);
    expect(gone).not.toHaveBeenCalled();
  });
});
