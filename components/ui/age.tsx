'use client';

import type { ReactNode } from 'react';
import { useServerNow } from '@/lib/client/use-now';
import { formatAge } from '@/lib/format/age';

/** How long ago a server-made time was, counting up. Nothing until the first tick, so that server and browser agree. */
export function Age({ since, suffix = '' }: { since: string; suffix?: string }): ReactNode {
  const now = useServerNow();
  const at = Date.parse(since);
  if (now === null || Number.isNaN(at)) return null;
  return (
    <time dateTime={since} className="whitespace-nowrap tabular-nums">
      {formatAge(now - at)}
      {suffix}
    </time>
  );
}
