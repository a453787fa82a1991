import { type RefObject, useRef } from 'react';
import { useKeyCommands } from '@/lib/client/use-key-commands';

/** Up and Down move by this share of what is in view. */
const PAGE_SHARE = 0.8;

/** Lets Up and Down scroll a long table: on stage there is no wheel at hand. */
export function useScrollKeys(): RefObject<HTMLElement | null> {
  const region = useRef<HTMLElement>(null);
  useKeyCommands((command) => {
    const shown = region.current;
    if (command.type !== 'select' || shown === null) return false;
    const step = shown.clientHeight * PAGE_SHARE;
    shown.scrollBy({ top: command.direction === 'down' ? step : -step });
    return true;
  });
  return region;
}
