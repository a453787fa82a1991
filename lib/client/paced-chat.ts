import { LANE_IDS } from '@/lib/domain/chat-lanes';
import { type ChatState, type ChatStore, chatStore } from './chat-store';

/** Figures and ticks of a growing answer change this often, like its clock: faster they cannot be read. */
const GROWTH_MS = 100;

/** Whether nothing happened but that running answers went on: no question, no first token, no end. */
function isOnlyGrowth(before: ChatState, after: ChatState): boolean {
  return LANE_IDS.every((lane) => {
    if (before[lane] === after[lane]) return true;
    const [one, other] = [before[lane].turns.at(-1), after[lane].turns.at(-1)];
    return (
      one?.outcome.state === 'streaming' &&
      other?.outcome.state === 'streaming' &&
      one.asked === other.asked &&
      one.start === other.start &&
      one.timing.firstDeltaAtMs === other.timing.firstDeltaAtMs
    );
  });
}

export type PacedChat = Pick<ChatStore, 'getState' | 'subscribe'>;

/** The same state for what need not follow every token: mere growth is passed on now and then, everything else at once. */
export function paceChat(
  store: PacedChat,
  timers: { nowMs(): number; setTimer(callback: () => void, delayMs: number): () => void },
): PacedChat {
  const listeners = new Set<() => void>();
  let shown = store.getState();
  let shownAtMs = timers.nowMs();
  let cancel: (() => void) | null = null;

  const show = (): void => {
    cancel?.();
    cancel = null;
    shown = store.getState();
    shownAtMs = timers.nowMs();
    for (const listener of listeners) listener();
  };
  store.subscribe(() => {
    const isDue = timers.nowMs() - shownAtMs >= GROWTH_MS;
    if (isDue || !isOnlyGrowth(shown, store.getState())) show();
    // For growth that is followed by nothing.
    else cancel ??= timers.setTimer(show, GROWTH_MS);
  });

  return {
    getState: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The page's one chat store, paced. */
export const pacedChat: PacedChat = paceChat(chatStore, {
  nowMs: () => performance.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});
