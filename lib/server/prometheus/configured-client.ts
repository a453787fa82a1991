import 'server-only';
import { readFile } from 'node:fs/promises';
import type { Clock } from '@/lib/server/clock';
import type { Config } from '@/lib/server/config';
import type { Outbound } from '@/lib/server/http/outbound';
import { createPrometheusClient, type PrometheusClient } from './client';

/** The client of the Prometheus that the settings name, if they name one. Its token is read anew for each question: tokens rotate. */
export function configuredPrometheusClient(
  { url, caFile, tokenFile, namespace }: Config['prometheus'],
  outbound: Pick<Outbound, 'dispatcherFor'>,
  clock: Clock,
): PrometheusClient | null {
  if (url === null) return null;
  return createPrometheusClient({
    baseUrl: url,
    dispatcher: () =>
      outbound.dispatcherFor({ url, verifyTls: true, caFile, viaIngress: false, isDiscovered: false }),
    readToken: async () => (tokenFile === null ? null : (await readFile(tokenFile, 'utf8')).trim()),
    tenancyNamespace: namespace,
    clock,
  });
}
