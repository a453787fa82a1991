'use client';

import type { ReactNode } from 'react';
import { useNow } from '@/lib/client/use-now';
import { formatAge } from '@/lib/format/age';

/** How long ago a server-made time was, counting up. Nothing until the first tick, so that server and browser agree. */
export function Age({ since, suffix = '' }: { since: string; suffix?: string }): ReactNode {
  const at = Date.parse(since);
  const text = useNow(({ serverMs }) => (Number.isNaN(at) ? null : formatAge(serverMs - at)), null);
  if (text === null) return null;
  return (
    <time dateTime={since} className="whitespace-nowrap tabular-nums">
      {text}
      {suffix}
    </time>
  );
}
