'use client';

import { type ReactNode, useId, useState } from 'react';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { Choice } from '@/components/ui/choice';
import { FigureValue } from '@/components/ui/figure';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { loadStore } from '@/lib/client/load-store';
import { useLiveState } from '@/lib/client/use-live';
import { useLoad } from '@/lib/client/use-load';
import { useNow } from '@/lib/client/use-now';
import type { LoadArm, LoadState } from '@/lib/contracts/load';
import type { LoadShape } from '@/lib/domain/load';
import type { ChatPath, Mode, UsedPath } from '@/lib/domain/vocabulary';
import {
  ARMS_CHOICES,
  type LoadArmsChoice,
  mostUsersPerArm,
  SHAPE_CHOICES,
  SHAPE_NOTES,
  toChartWords,
  toFace,
  toLoadFigure,
  toPlanArms,
  toTrouble,
} from './load-panel-model';
import { PanelFrame } from './panel-frame';

const BUTTON =
  'min-w-[6.5em] rounded-full border-(length:--stroke) px-5 py-1.5 font-semibold disabled:border-line disabled:bg-ground disabled:text-ink-soft';
const FIRST_USERS = 4;

const PATH_WORDS: Record<UsedPath, string> = {
  gateway: 'Gateway',
  route: 'Route',
  service: 'Service',
  override: 'the configured URL',
};

const PATH_CHOICES: readonly { value: ChatPath | 'usual'; label: string }[] = [
  { value: 'usual', label: 'As the chat' },
  { value: 'gateway', label: 'Gateway' },
  { value: 'route', label: 'Route' },
];

/** "Put load on it while I talk": starts and stops the background load, and says what it does. */
export function LoadPanel({ onClose }: { onClose: () => void }): ReactNode {
  const { state, problem, isOwner, isBusy } = useLoad();
  const mode = useLiveState((live) => live.status?.mode ?? 'unknown');
  const [token, setToken] = useState('');
  const tokenId = useId();
  const face = toFace(state, isOwner);
  const chartWords = useNow(({ serverMs }) => toChartWords(state, serverMs), null);
  const isOn = face.kind === 'running' || face.kind === 'stopping';
  const asksToken = state?.needsToken === true && !isOwner;
  const takeToken = (): string | null => {
    const given = asksToken ? token : null;
    setToken('');
    return given;
  };

  return (
    <PanelFrame
      label="Load while I talk"
      state={
        <p role="status" className="flex items-baseline gap-2">
          <span aria-hidden="true">{isOn ? '●' : '○'}</span>
          {face.words}
        </p>
      }
      onClose={onClose}
    >
      <div className="mt-2 flex flex-col gap-2">
        {asksToken && (face.kind === 'off' || isOn) && (
          <p className="flex items-center gap-2 text-dense">
            <label htmlFor={tokenId}>Control token</label>
            <input
              id={tokenId}
              type="password"
              autoComplete="off"
              value={token}
              onChange={({ target }) => setToken(target.value)}
              className="w-[12em] rounded-[0.25rem] border-(length:--stroke) border-line bg-ground px-2 py-0.5"
            />
          </p>
        )}
        {isOn && state !== null ? (
          <>
            <ul className="grid gap-x-10 gap-y-3 @min-[44rem]:grid-cols-2">
              {state.arms.map((arm) => (
                <li key={arm.arm}>
                  <LoadArmLine arm={arm} state={state} mode={mode} />
                </li>
              ))}
            </ul>
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <button
                type="button"
                disabled={isBusy || face.kind === 'stopping'}
                onClick={() => void loadStore.stop(takeToken())}
                className={`${BUTTON} border-ink bg-ink text-ground`}
              >
                Stop load
              </button>
              <p className="min-h-[1.35em] text-small text-ink-soft">{chartWords}</p>
            </div>
          </>
        ) : (
          <LoadChoices
            maxUsers={face.kind === 'off' ? (state?.maxUsers ?? null) : null}
            isBusy={isBusy}
            takeToken={takeToken}
          />
        )}
        <p role="alert" className="min-h-[1.35em] text-small">
          {problem}
        </p>
      </div>
    </PanelFrame>
  );
}

/** What the next load will be, and its start. Disabled while none may be started. */
function LoadChoices({
  maxUsers,
  isBusy,
  takeToken,
}: {
  maxUsers: number | null;
  isBusy: boolean;
  takeToken: () => string | null;
}): ReactNode {
  const [wanted, setWanted] = useState(FIRST_USERS);
  const [armsChoice, setArmsChoice] = useState<LoadArmsChoice>('both');
  const [path, setPath] = useState<ChatPath | 'usual'>('usual');
  const [shape, setShape] = useState<LoadShape>('synthetic-256');
  const most = maxUsers === null ? 0 : mostUsersPerArm(maxUsers, armsChoice);
  const users = Math.min(Math.max(1, wanted), most);
  const start = (): void =>
    void loadStore.start(
      { usersPerArm: users, arms: toPlanArms(armsChoice), path: path === 'usual' ? null : path, shape },
      takeToken(),
    );

  return (
    <>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own frame and legend layout */}
        <div role="group" aria-label="Virtual users on each arm" className="flex items-center gap-2">
          <StepButton
            label="Fewer users"
            sign="−"
            disabled={users <= 1}
            onPress={() => setWanted(users - 1)}
          />
          <output className="min-w-[4.5em] text-center font-semibold tabular-nums">
            {most === 0 ? 'no users' : users === 1 ? '1 user' : `${users} users`}
          </output>
          <StepButton
            label="More users"
            sign="+"
            disabled={users >= most}
            onPress={() => setWanted(users + 1)}
          />
        </div>
        <Choice label="On" options={ARMS_CHOICES} value={armsChoice} onChoose={setArmsChoice} />
        <Choice label="Path" options={PATH_CHOICES} value={path} onChoose={setPath} />
        <Choice label="Shape" options={SHAPE_CHOICES} value={shape} onChoose={setShape} />
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button
          type="button"
          disabled={isBusy || most === 0}
          onClick={start}
          className={`${BUTTON} border-ink text-ink`}
        >
          Start load
        </button>
        <p className="min-h-[1.35em] text-small text-ink-soft">
          {SHAPE_NOTES[shape]} {maxUsers !== null && `At most ${maxUsers} users (LOAD_MAX_USERS).`}
        </p>
      </div>
    </>
  );
}

function StepButton({
  label,
  sign,
  disabled,
  onPress,
}: {
  label: string;
  sign: string;
  disabled: boolean;
  onPress: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      aria-label={label}
      disabled={disabled}
      onClick={onPress}
      className="size-[1.9em] rounded-full border-(length:--stroke) border-ink font-semibold leading-none disabled:border-line disabled:text-ink-soft"
    >
      {sign}
    </button>
  );
}

function LoadArmLine({ arm, state, mode }: { arm: LoadArm; state: LoadState; mode: Mode }): ReactNode {
  const context = { mode, observedAt: state.observedAt };
  const name = ARM_LOOKS[arm.arm].short;
  const trouble = toTrouble(arm);
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap items-baseline gap-x-4 text-dense tabular-nums">
        <span className="flex items-baseline gap-2 font-semibold">
          <ArmMark arm={arm.arm} /> {name}
        </span>
        <span>by {PATH_WORDS[arm.path]}</span>
        <span>{arm.inFlight} running</span>
        <span>{arm.answered} answered</span>
      </p>
      <p className="flex flex-wrap items-baseline gap-x-4 text-dense tabular-nums">
        <span>
          first token{' '}
          <FigureValue
            label={`Load on ${name}: median time to first token`}
            figure={toLoadFigure(arm, 'ttft', 'p50Ms', context)}
            size="dense"
            unknownWord="not yet"
          />
          , p95{' '}
          <FigureValue
            label={`Load on ${name}: 95th percentile of the time to first token`}
            figure={toLoadFigure(arm, 'ttft', 'p95Ms', context)}
            size="dense"
            unknownWord="not yet"
          />
        </span>
        <span>
          between tokens{' '}
          <FigureValue
            label={`Load on ${name}: median time between tokens`}
            figure={toLoadFigure(arm, 'meanItl', 'p50Ms', context)}
            size="dense"
            unknownWord="not yet"
          />
        </span>
      </p>
      <p className="flex min-h-[1.35em] items-baseline gap-2 text-small">
        {trouble !== null && (
          <>
            <StateMark state="warn" className="self-center" />
            <UntrustedText text={trouble} />
          </>
        )}
      </p>
    </div>
  );
}
