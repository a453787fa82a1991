'use client';

import { type ReactNode, useRef, useState } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { type ChatLane, chatStore, type Question } from '@/lib/client/chat-store';
import { useChat } from '@/lib/client/use-chat';
import { useKeyCommands } from '@/lib/client/use-key-commands';
import { useLaneFacts } from '@/lib/client/use-lane-facts';
import { useScene } from '@/lib/client/use-scene';
import { useSystemPrompt } from '@/lib/client/use-system-prompt';
import { armOfLane } from '@/lib/domain/chat-lanes';
import { type ChatTurn, isRunning } from '@/lib/domain/chat-model';
import type { ChatParameters } from '@/lib/domain/chat-parameters';
import type { KeyCommand } from '@/lib/domain/keys';
import type { Prompt } from '@/lib/domain/prompts';
import { CHAT_SCENE, type LineUp, nextLineUp, soleArm, toLanes, toLineUp } from './chat-scene';
import { type ChatPanel, ChatToolbar } from './chat-toolbar';
import { PromptInvitation, RaceInvitation } from './invitation';
import { Lane } from './lane';
import { laneName, laneShortName } from './lane-looks';
import { LoadPanel } from './load-panel';
import { PhotoFinishLine } from './photo-finish';
import { toPhotoFinish } from './photo-finish-model';
import { PromptBox, type PromptBoxHandle } from './prompt-box';
import { RaceNote } from './race-note';
import { SettingsPanel } from './settings-panel';
import { toAxisEndMs } from './tick-timeline-model';
import type { TurnCommands } from './turn-article';
import { useScriptedPrompts } from './use-scripted-prompts';

function latestArrivalMs(lane: ChatLane): number {
  return lane.turns.at(-1)?.timing.lastDeltaAtMs ?? 0;
}

/** A fixed length is the presenter's choice; else a scripted prompt knows how much room its answer needs, each time it is asked. */
function toPromptParameters(chosen: ChatParameters, prompt: Prompt | undefined): ChatParameters {
  const maxTokens = chosen.isFixedLength ? null : (prompt?.maxTokens ?? null);
  return maxTokens === null ? chosen : { ...chosen, maxTokens };
}

/** Chat: the live endpoints, alone or in a race from one start. */
export function ChatScreen(): ReactNode {
  const { scene, now, change } = useScene(CHAT_SCENE);
  const chat = useChat();
  const facts = useLaneFacts();
  const [system, setSystem] = useSystemPrompt();
  const [openPanel, setOpenPanel] = useState<ChatPanel | null>(null);
  const [edited, setEdited] = useState<ChatTurn | null>(null);
  const promptBox = useRef<PromptBoxHandle>(null);

  const lanes = toLanes(scene);
  const latestTurns = lanes.map((lane) => chat[lane].turns.at(-1) ?? null);
  const isBusy = latestTurns.some((turn) => turn !== null && isRunning(turn));
  const axisEndMs = toAxisEndMs(Math.max(...lanes.map((lane) => latestArrivalMs(chat[lane]))));
  const hasTurns = lanes.some((lane) => chat[lane].turns.length > 0);

  const ask = (question: Partial<Question> & { prompt: string }, replaces: string | null = null): void => {
    const current = now();
    const own: Omit<Question, 'prompt'> = {
      title: null,
      system: system.trim() === '' ? null : system,
      parameters: current.parameters,
    };
    chatStore.send(
      { ...own, ...question },
      toLanes(current).map((lane) => ({ lane, path: current.paths[lane] })),
      replaces,
    );
    setEdited(null);
  };
  const askScripted = (prompt: Prompt): void => {
    change({ promptId: prompt.id });
    ask({
      prompt: prompt.text,
      title: prompt.isLong ? `${prompt.title}: ${prompt.text.slice(0, 120)}` : null,
      ...(prompt.system === null ? {} : { system: prompt.system }),
      parameters: toPromptParameters(now().parameters, prompt),
    });
  };
  const scripted = useScriptedPrompts(askScripted);
  const commands: TurnCommands = {
    onAgain: ({ prompt, asked }) => {
      const known = scripted.prompts.find(({ text }) => text === prompt);
      const parameters = toPromptParameters(now().parameters, known);
      ask({ prompt, title: asked.title, system: asked.system, parameters }, asked.questionId);
    },
    onEdit: (turn) => {
      setEdited(turn);
      promptBox.current?.write(turn.prompt);
    },
  };
  const startAnew = (): void => {
    chatStore.clear();
    setEdited(null);
    change({ promptId: null });
    promptBox.current?.focus();
  };

  const flipPanel = (panel: ChatPanel): void => setOpenPanel((open) => (open === panel ? null : panel));
  const chooseLineUp = (lineUp: LineUp): void => change(toLineUp(lineUp, now().paths));

  const onChatKey = (action: Extract<KeyCommand, { type: 'chat' }>['action']): void => {
    const latest = latestTurns.find((turn) => turn !== null);
    switch (action) {
      case 'write':
        promptBox.current?.focus();
        return;
      case 'again':
        if (latest !== undefined && latest !== null) commands.onAgain(latest);
        return;
      case 'edit':
        if (latest !== undefined && latest !== null) commands.onEdit(latest);
        return;
      case 'new':
        startAnew();
        return;
      case 'settings':
      case 'load':
        flipPanel(action);
        return;
      case 'lanes':
        chooseLineUp(nextLineUp(now().lanes));
        return;
      default:
        action satisfies never;
    }
  };
  useKeyCommands((command) => {
    switch (command.type) {
      case 'prompt':
        return scripted.press(command.number);
      case 'chat':
        onChatKey(command.action);
        return true;
      case 'back':
        return scripted.forget() || chatStore.stop();
      default:
        return false;
    }
  });

  const runners = lanes.flatMap((lane, index) => {
    const turn = latestTurns[index] ?? null;
    return turn === null ? [] : [{ lane, name: laneShortName(lane, scene.lanes, turn.asked.path), turn }];
  });
  const finish = toPhotoFinish(runners);
  const sole = soleArm(scene.lanes);
  return (
    <div className="desk:@min-[44rem]:h-[calc(100dvh-7.1rem)] desk:@min-[44rem]:min-h-[37rem] relative flex min-h-0 grow flex-col gap-3 desk:@min-[44rem]:grow-0 desk:gap-2 stage:-mt-2 stage:-mb-2 stage:gap-1.5">
      <h1 className="sr-only">Chat</h1>
      <ChatToolbar
        lineUp={scene.lanes}
        scripted={scripted}
        currentPromptId={scene.promptId}
        openPanel={openPanel}
        hasTurns={hasTurns}
        onLineUp={chooseLineUp}
        onAsk={askScripted}
        onPanel={flipPanel}
        onNew={startAnew}
      />
      {openPanel === 'settings' && (
        <SettingsPanel
          parameters={scene.parameters}
          system={system}
          onParameters={(some) => change({ parameters: { ...now().parameters, ...some } })}
          onSystem={setSystem}
          onClose={() => setOpenPanel(null)}
        />
      )}
      {openPanel === 'load' && <LoadPanel onClose={() => setOpenPanel(null)} />}
      <div
        className={cn(
          'grid min-h-0 grow gap-x-12 gap-y-8 @min-[44rem]:grid-rows-[minmax(0,1fr)] stage:gap-x-7',
          lanes.length > 1 && '@min-[44rem]:grid-cols-2',
        )}
      >
        {lanes.map((lane, index) => (
          <Lane
            key={lane}
            id={lane}
            name={laneName(lane, scene.lanes, scene.paths[lane])}
            lane={chat[lane]}
            facts={facts?.lanes.find(({ arm }) => arm === armOfLane(lane)) ?? null}
            factsAt={facts?.observedAt ?? null}
            axisEndMs={axisEndMs}
            path={scene.paths[lane]}
            isBusy={isBusy}
            answersCopyKey={index === lanes.length - 1}
            commands={commands}
            invitation={
              index === 0 ? (
                <PromptInvitation prompts={scripted.prompts} onAsk={askScripted} />
              ) : (
                <RaceInvitation isPaths={scene.lanes === 'paths'} />
              )
            }
            onPath={(path) => change({ paths: { ...now().paths, [lane]: path } })}
          />
        ))}
      </div>
      {lanes.length > 1 && (
        <div className="min-h-[1.3rem] stage:min-h-[1.25rem]">
          {finish !== null && <PhotoFinishLine finish={finish} />}
        </div>
      )}
      <PromptBox
        ref={promptBox}
        initialText=""
        isRunning={isBusy}
        targetWord={sole === null ? 'both' : ARM_LOOKS[sole].short}
        editing={edited !== null}
        onSend={(prompt) => {
          scripted.forget();
          change({ promptId: null });
          ask(
            edited === null ? { prompt } : { prompt, system: edited.asked.system },
            edited?.asked.questionId ?? null,
          );
        }}
        onStop={() => chatStore.stop()}
        onLeaveEdit={() => setEdited(null)}
      />
      <RaceNote
        lanes={lanes.map((lane) => ({
          lane,
          name: laneShortName(lane, scene.lanes, scene.paths[lane]),
          turns: chat[lane].turns,
          path: scene.paths[lane],
        }))}
        parameters={scene.parameters}
        facts={facts?.lanes ?? []}
        factsAt={facts?.observedAt ?? null}
      />
    </div>
  );
}
