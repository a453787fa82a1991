import 'server-only';
import { readFile } from 'node:fs/promises';

/** Bytes that were sent and not acknowledged, or wait in the kernel to be sent, by `portsOf` of the connection. */
export type Unacknowledged = ReadonlyMap<string, number>;

/** Our port and theirs. Peers of different addresses may share it; see `toUnacknowledged`. */
export function portsOf(localPort: number, remotePort: number): string {
  return `${localPort}-${remotePort}`;
}

/** What Linux tells of this network namespace; `null` where there is no such file. */
export async function readUnacknowledged(): Promise<Unacknowledged | null> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) =>
      readFile(/* turbopackIgnore: true */ path, 'latin1').catch(() => ''),
    ),
  );
  return tables.every((table) => table === '') ? null : toUnacknowledged(tables.join('\n'));
}

const ESTABLISHED = '01';

/**
 * Rows of https://docs.kernel.org/networking/proc_net_tcp.html: `sl local_address rem_address st tx_queue:rx_queue …`, all
 * hexadecimal. Of connections with the same two ports the one that lacks least counts: nobody is given up for another.
 */
export function toUnacknowledged(table: string): Unacknowledged {
  const found = new Map<string, number>();
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', state, queues = ''] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED) continue;
    const bytes = Number.parseInt(queues, 16);
    const ports = portsOf(portOf(local), portOf(remote));
    if (Number.isNaN(bytes)) continue;
    found.set(ports, Math.min(bytes, found.get(ports) ?? Number.POSITIVE_INFINITY));
  }
  return found;
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
}
