'use client';

import { useSyncExternalStore } from 'react';
import type { LaneId } from '@/lib/domain/chat-lanes';
import type { ChatTurn } from '@/lib/domain/chat-model';
import { type ChatState, chatStore, EMPTY_CHAT } from './chat-store';
import { pacedChat } from './paced-chat';

/** The conversations of all lanes: what begins or ends at once, mere growth ten times a second. */
export function useChat(): ChatState {
  return useSyncExternalStore(pacedChat.subscribe, pacedChat.getState, () => EMPTY_CHAT);
}

/** The turn as far as it came by now, in every frame. */
export function useGrowingTurn(lane: LaneId, turn: ChatTurn): ChatTurn {
  const current = (): ChatTurn => {
    const latest = chatStore.getState()[lane].turns.at(-1);
    return latest?.asked === turn.asked ? latest : turn;
  };
  return useSyncExternalStore(chatStore.subscribe, current, () => turn);
}
