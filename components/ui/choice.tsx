import type { ReactNode } from 'react';

/** One of a few, all visible. Buttons and not radios: the arrow keys belong to the show. */
export function Choice<T extends string | number>({
  label,
  options,
  value,
  onChoose,
}: {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChoose: (value: T) => void;
}): ReactNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own frame and legend layout
    <div
      role="group"
      aria-label={label}
      className="flex rounded-[0.375rem] border-(length:--hair) border-line text-small"
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChoose(option.value)}
          className="whitespace-nowrap px-[0.6em] py-[0.2em] first:rounded-l-[0.3rem] last:rounded-r-[0.3rem] aria-pressed:bg-ink aria-pressed:font-semibold aria-pressed:text-ground"
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
