import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '@/lib/domain/chat-model';
import { aTurn } from '@/lib/domain/testing/build-chat';
import { createChatMemory } from './chat-memory';
import { aTabStorage } from './testing/tab-storage';

function aLongTurn(prompt: string): ChatTurn {
  return { ...aTurn({ prompt }), text: 'x'.repeat(300_000) };
}

describe('chat memory', () => {
  it('brings back what was written, lane by lane', () => {
    const storage = aTabStorage();
    const lanes = {
      baseline: [aTurn({ prompt: '"Why?"' }), aTurn()],
      distributed: [],
      'distributed-2': [aTurn()],
    };
    createChatMemory(storage).write(lanes);
    expect(createChatMemory(storage).read()).toEqual(lanes);
  });

  it('loses the oldest turns of a conversation that is too long to keep, and keeps the latest', () => {
    const storage = aTabStorage();
    const memory = createChatMemory(storage);
    const turns = Array.from({ length: 5 }, (_, index) => aLongTurn(`${index}`));
    for (let count = 1; count <= turns.length; count += 1) {
      memory.write({ baseline: turns.slice(0, count), distributed: turns.slice(0, count) });
    }
    const prompts = createChatMemory(storage)
      .read()
      .baseline?.map(({ prompt }) => prompt);
    expect(prompts).toEqual(['2', '3', '4']);
  });
});
