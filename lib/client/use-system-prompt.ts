'use client';

import { useSyncExternalStore } from 'react';

const KEY = 'chat-system-prompt';

const listeners = new Set<() => void>();
let current: string | null = null;

function read(): string {
  if (current !== null) return current;
  try {
    current = sessionStorage.getItem(KEY) ?? '';
  } catch {
    current = '';
  }
  return current;
}

function write(text: string): void {
  current = text;
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // Full or forbidden: it holds until the page goes.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is sent before every conversation, kept over a reload of this tab; `""` for nothing. */
export function useSystemPrompt(): [string, (text: string) => void] {
  return [useSyncExternalStore(subscribe, read, () => ''), write];
}
