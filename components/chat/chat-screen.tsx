'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { Choice } from '@/components/ui/choice';
import { cn } from '@/components/ui/cn';
import { type ChatLane, chatStore } from '@/lib/client/chat-store';
import { useChat } from '@/lib/client/use-chat';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { useScene } from '@/lib/client/use-scene';
import { isRunning } from '@/lib/domain/chat-model';
import { SCRIPTED_PROMPTS } from '@/lib/domain/scripted-prompts';
import { CHAT_SCENE, toArms } from './chat-scene';
import { Lane } from './lane';
import { PromptBox } from './prompt-box';
import { RaceNote } from './race-note';
import { toAxisEndMs } from './tick-timeline-model';

const LANE_CHOICES = [
  { value: 'race', label: 'Race' },
  { value: 'baseline', label: 'INT4 alone' },
  { value: 'distributed', label: 'llm-d alone' },
] as const;

function latestArrivalMs(lane: ChatLane): number {
  return lane.turns.at(-1)?.arrivalsMs.at(-1) ?? 0;
}

/** The scripted prompts as buttons: each shows its key. */
function ScriptedPrompts({
  current,
  onAsk,
}: {
  current: number | null;
  onAsk: (number: number) => void;
}): ReactNode {
  return (
    <ul aria-label="Scripted questions" className="flex min-w-0 flex-wrap gap-x-3 gap-y-1 text-small">
      {SCRIPTED_PROMPTS.map((prompt) => (
        <li key={prompt.number}>
          <button
            type="button"
            title={prompt.text}
            aria-pressed={prompt.number === current}
            onClick={() => onAsk(prompt.number)}
            className="rounded-[0.25rem] underline decoration-line decoration-dotted underline-offset-4 aria-pressed:decoration-solid aria-pressed:decoration-ink"
          >
            <kbd className="font-mono">⇧{prompt.number}</kbd> {prompt.title}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Chat: the live endpoints, alone or in a race from one start. */
export function ChatScreen(): ReactNode {
  const { scene, now, change } = useScene(CHAT_SCENE);
  const chat = useChat();
  const arms = toArms(scene);
  const isAnswering = arms.some((arm) => {
    const last = chat[arm].turns.at(-1);
    return last !== undefined && isRunning(last);
  });
  const axisEndMs = toAxisEndMs(Math.max(...arms.map((arm) => latestArrivalMs(chat[arm]))));

  const ask = (prompt: string): void => {
    const current = now();
    chatStore.send(
      prompt,
      toArms(current).map((arm) => ({ arm, path: current.paths[arm] })),
    );
  };
  const askScripted = (number: number): void => {
    const scripted = SCRIPTED_PROMPTS.find((prompt) => prompt.number === number);
    if (scripted === undefined) return;
    change({ promptNumber: number });
    ask(scripted.text);
  };

  useKeyCommands((command) => {
    switch (command.type) {
      case 'prompt':
        askScripted(command.number);
        return true;
      case 'back':
        return chatStore.stop();
      default:
        return false;
    }
  });

  const restored = SCRIPTED_PROMPTS.find((prompt) => prompt.number === scene.promptNumber)?.text ?? '';
  const hasTurns = arms.some((arm) => chat[arm].turns.length > 0);
  return (
    <div className="flex min-h-0 grow flex-col gap-3 stage:gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="sr-only">Chat</h1>
        <Choice
          label="Lanes"
          options={LANE_CHOICES}
          value={scene.lanes}
          onChoose={(lanes) => change({ lanes })}
        />
        <ScriptedPrompts current={scene.promptNumber} onAsk={askScripted} />
        <button
          type="button"
          disabled={!hasTurns}
          onClick={() => chatStore.clear()}
          className="text-small underline decoration-line underline-offset-4 disabled:text-ink-soft disabled:no-underline"
        >
          New conversation
        </button>
      </div>
      <div
        className={cn(
          'grid min-h-0 grow gap-x-12 gap-y-8 stage:gap-x-7',
          arms.length > 1 && '@min-[44rem]:grid-cols-2',
        )}
      >
        {arms.map((arm) => (
          <Lane
            key={arm}
            arm={arm}
            lane={chat[arm]}
            axisEndMs={axisEndMs}
            path={scene.paths[arm]}
            onPath={(path) => change({ paths: { ...now().paths, [arm]: path } })}
          />
        ))}
      </div>
      <PromptBox
        initialText={hasTurns ? '' : restored}
        isRunning={isAnswering}
        targetWord={scene.lanes === 'race' ? 'both' : ARM_LOOKS[scene.lanes].short}
        onSend={(prompt) => {
          change({ promptNumber: null });
          ask(prompt);
        }}
        onStop={() => chatStore.stop()}
      />
      <RaceNote chat={chat} isRace={scene.lanes === 'race'} />
    </div>
  );
}
