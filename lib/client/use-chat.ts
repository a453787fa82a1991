'use client';

import { useSyncExternalStore } from 'react';
import { type ChatState, chatStore, EMPTY_CHAT } from './chat-store';

/** Both lanes' conversations. */
export function useChat(): ChatState {
  return useSyncExternalStore(chatStore.subscribe, chatStore.getState, () => EMPTY_CHAT);
}
