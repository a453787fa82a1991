'use client';

import { type ReactNode, useId, useState } from 'react';
import { MAX_PROMPT_CHARACTERS } from '@/lib/contracts/chat';
import {
  type ChatParameters,
  DEFAULT_PARAMETERS,
  parseMaxTokens,
  parseSeed,
  parseTemperature,
} from '@/lib/domain/chat-parameters';
import { PanelFrame } from './panel-frame';

/** Lengths at which the two lanes are usually compared (256 is GuideLLM's in the demo). */
const FIXED_LENGTH_TOKENS = 256;

/** What makes a race fair at one press; the seed is any number, as long as it stays. */
const FAIR: ChatParameters = {
  temperature: 0,
  seed: 1,
  maxTokens: FIXED_LENGTH_TOKENS,
  isFixedLength: true,
  isCold: true,
  warmsUp: true,
};

function NumberField({
  label,
  hint,
  text,
  parse,
  onValue,
}: {
  label: string;
  /** What is taken. */
  hint: string;
  text: string;
  parse: (text: string) => number | null;
  onValue: (value: number | null) => void;
}): ReactNode {
  const [typed, setTyped] = useState(text);
  const hintId = useId();
  const isWrong = typed.trim() !== '' && parse(typed) === null;
  return (
    <label className="flex flex-col">
      <span className="font-semibold">{label}</span>
      <input
        inputMode="decimal"
        value={typed}
        aria-invalid={isWrong}
        aria-describedby={hintId}
        onChange={({ target }) => {
          setTyped(target.value);
          const value = parse(target.value);
          if (value !== null || target.value.trim() === '') onValue(value);
        }}
        className="w-full rounded-[0.25rem] border-(length:--hair) border-line bg-surface px-2 py-0.5 tabular-nums aria-invalid:border-fail"
      />
      <span
        id={hintId}
        className={isWrong ? 'font-semibold text-fail text-small' : 'text-ink-soft text-small'}
      >
        {isWrong ? `not taken: ${hint}` : hint}
      </span>
    </label>
  );
}

function Switch({
  label,
  does,
  isOn,
  onSwitch,
}: {
  label: string;
  /** What it does, in one sentence. */
  does: string;
  isOn: boolean;
  onSwitch: (isOn: boolean) => void;
}): ReactNode {
  return (
    <label className="flex items-baseline gap-2">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ target }) => onSwitch(target.checked)}
        className="size-[0.9em] shrink-0 translate-y-[0.08em] accent-(--ink)"
      />
      <span>
        <span className="font-semibold">{label}</span>{' '}
        <span className="text-ink-soft text-small">{does}</span>
      </span>
    </label>
  );
}

/** How the next question is asked, the same in every lane. */
export function SettingsPanel({
  parameters,
  system,
  onParameters,
  onSystem,
  onClose,
}: {
  parameters: ChatParameters;
  system: string;
  onParameters: (change: Partial<ChatParameters>) => void;
  onSystem: (text: string) => void;
  onClose: () => void;
}): ReactNode {
  // A whole set replaces what is typed in the fields.
  const [version, setVersion] = useState(0);
  const setAll = (all: ChatParameters): void => {
    onParameters(all);
    setVersion((before) => before + 1);
  };

  return (
    <PanelFrame label="How it is asked, in every lane" onClose={onClose}>
      <div className="mt-1 flex flex-wrap gap-x-5 text-small">
        <button
          type="button"
          onClick={() => setAll(FAIR)}
          className="font-semibold underline decoration-line underline-offset-4"
        >
          Same work for both: fixed length, seed, cold, warmed up
        </button>
        <button
          type="button"
          onClick={() => setAll(DEFAULT_PARAMETERS)}
          className="underline decoration-line underline-offset-4"
        >
          As usual
        </button>
      </div>
      <div key={version} className="mt-2 grid grid-cols-3 gap-x-4">
        <NumberField
          label="Temperature"
          hint="0 to 2"
          text={String(parameters.temperature)}
          parse={parseTemperature}
          onValue={(temperature) =>
            onParameters({ temperature: temperature ?? DEFAULT_PARAMETERS.temperature })
          }
        />
        <NumberField
          label="Seed"
          hint="whole number, or none"
          text={parameters.seed === null ? '' : String(parameters.seed)}
          parse={parseSeed}
          onValue={(seed) => onParameters({ seed })}
        />
        <NumberField
          label="Output tokens"
          hint="1 to 4096"
          text={String(parameters.maxTokens)}
          parse={parseMaxTokens}
          onValue={(maxTokens) => onParameters({ maxTokens: maxTokens ?? DEFAULT_PARAMETERS.maxTokens })}
        />
      </div>
      <div className="mt-2 flex flex-col gap-0.5">
        <Switch
          label="Fixed length."
          does="The engine goes on to the number of tokens (ignore_eos): the same work in both lanes."
          isOn={parameters.isFixedLength}
          onSwitch={(isFixedLength) => onParameters({ isFixedLength })}
        />
        <Switch
          label="Cold prompt."
          does="A unique first line in each lane: no prefix cache can help. Off, a repeated prompt is warm."
          isOn={parameters.isCold}
          onSwitch={(isCold) => onParameters({ isCold })}
        />
        <Switch
          label="Warm-up."
          does="One token per lane before the start, not measured: connections are open."
          isOn={parameters.warmsUp}
          onSwitch={(warmsUp) => onParameters({ warmsUp })}
        />
      </div>
      <label className="mt-2 flex flex-col">
        <span className="font-semibold">System prompt</span>
        <textarea
          rows={2}
          value={system}
          maxLength={MAX_PROMPT_CHARACTERS / 2}
          placeholder="none"
          onChange={({ target }) => onSystem(target.value)}
          className="field-sizing-content max-h-[9rem] placeholder:text-ink-soft rounded-[0.25rem] border-(length:--hair) border-line bg-surface px-2 py-1"
        />
      </label>
    </PanelFrame>
  );
}
