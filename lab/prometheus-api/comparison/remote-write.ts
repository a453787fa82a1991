/** Prometheus's remote write 1.0: the one door through which a real server takes samples with times and staleness markers. */
import type { Series, SeriesStore } from '../series-store.ts';

/** Bit patterns of Prometheus: a staleness marker is a NaN of its own. */
const STALE_NAN_BITS = 0x7ff0000000000002n;
const SERIES_PER_REQUEST = 500;
/** The largest literal of a snappy block whose length takes two bytes. */
const LITERAL_BYTES = 65_536;

/** A server refuses what is more than an hour older than its newest sample, so the oldest goes first. */
const SLICE_MS = 1_800_000;

/** Sends everything in the store to `url` (the address of the server, without a path). */
export async function writeAll(store: SeriesStore, url: string): Promise<void> {
  const series = store.select([]);
  const firstMs = Math.min(...series.map((one) => one.firstMs() ?? Number.POSITIVE_INFINITY));
  const lastMs = Math.max(...series.map((one) => one.lastMs() ?? Number.NEGATIVE_INFINITY));
  for (let fromMs = firstMs - 1; fromMs < lastMs; fromMs += SLICE_MS) {
    await send(
      series.flatMap((one) => timeSeries(one, fromMs, fromMs + SLICE_MS)),
      url,
    );
  }
}

/** The message of one series, none where it has no samples in that time. */
function timeSeries(series: Series, afterMs: number, untilMs: number): Buffer[] {
  const { timesMs, values, isStale } = series.between(afterMs, untilMs);
  if (timesMs.length === 0) return [];
  const labels = series.labels.entries.map(([name, value]) => label(name, value));
  const samples = timesMs.map((timeMs, index) =>
    sample(timeMs, values[index] ?? Number.NaN, isStale[index] ?? false),
  );
  return [field(1, Buffer.concat([...labels, ...samples]))];
}

async function send(all: readonly Buffer[], url: string): Promise<void> {
  for (let from = 0; from < all.length; from += SERIES_PER_REQUEST) {
    const response = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body: new Uint8Array(uncompressedSnappy(Buffer.concat(all.slice(from, from + SERIES_PER_REQUEST)))),
    });
    if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
  }
}

function label(name: string, value: string): Buffer {
  return field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]));
}

function sample(timeMs: number, value: number, isStale: boolean): Buffer {
  const bits = Buffer.alloc(8);
  if (isStale) bits.writeBigUInt64LE(STALE_NAN_BITS);
  else bits.writeDoubleLE(value);
  return field(2, Buffer.concat([Buffer.from([(1 << 3) | 1]), bits, Buffer.from([2 << 3]), varint(timeMs)]));
}

/** A length-delimited protobuf field. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A valid snappy block in which nothing is compressed: its length, then literals. */
function uncompressedSnappy(content: Buffer): Buffer {
  const parts = [varint(content.length)];
  for (let from = 0; from < content.length; from += LITERAL_BYTES) {
    const literal = content.subarray(from, from + LITERAL_BYTES);
    const header = Buffer.from([61 << 2, 0, 0]);
    header.writeUInt16LE(literal.length - 1, 1);
    parts.push(header, literal);
  }
  return Buffer.concat(parts);
}
