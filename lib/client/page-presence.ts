import { ownAddress } from './own-address';
import { pageId } from './page-id';
import { type SetTimer, setPageTimer } from './page-timer';

/** How long the line stays open after the last answer: the next question often follows at once. */
const LINGER_MS = 10_000;
/** Where lines never open (a proxy in between knows no WebSockets), none is tried any more. */
const MOST_FAILURES = 2;

/** A line to the dashboard on which the browser answers pings by itself. */
export interface PresenceLine {
  close(): void;
}

export interface PresenceOptions {
  /** `onEnd` is called once, when the line ended or could not be opened. */
  openLine(onEnd: (wasOpen: boolean) => void): PresenceLine;
  setTimer: SetTimer;
}

export interface PagePresence {
  /** Keeps the line open while an answer is read; returns how to let go. */
  hold(): () => void;
}

/**
 * Lets the dashboard know within a second that this page is gone, though nobody could say so: it pings the browser while an
 * answer runs (docs/decisions/0226). A WebSocket counts among none of the six connections that a browser opens to a host, and
 * its pings are answered by the browser itself, in hidden tabs and while this page is busy.
 */
export function createPagePresence({ openLine, setTimer }: PresenceOptions): PagePresence {
  let holders = 0;
  let failures = 0;
  let line: PresenceLine | null = null;
  let cancelClosing = (): void => {};

  const open = (): void => {
    if (line !== null || failures >= MOST_FAILURES) return;
    const opened = openLine((wasOpen) => {
      failures = wasOpen ? 0 : failures + 1;
      if (line === opened) line = null;
    });
    line = opened;
  };
  const close = (): void => {
    line?.close();
    line = null;
  };

  return {
    hold() {
      holders += 1;
      cancelClosing();
      open();
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        holders -= 1;
        if (holders === 0) cancelClosing = setTimer(close, LINGER_MS);
      };
    },
  };
}

function openWebSocket(onEnd: (wasOpen: boolean) => void): PresenceLine {
  const url = new URL(ownAddress(`/api/chat/presence?page=${pageId()}`), location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  let wasOpen = false;
  socket.addEventListener('open', () => {
    wasOpen = true;
  });
  socket.addEventListener('close', () => onEnd(wasOpen));
  return socket;
}

/** The page's one line; nothing where there is no browser. */
export const pagePresence: PagePresence =
  typeof window === 'undefined'
    ? { hold: () => () => {} }
    : createPagePresence({ openLine: openWebSocket, setTimer: setPageTimer });
