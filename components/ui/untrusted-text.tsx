import type { ReactNode } from 'react';

/** Names and messages written by others: long ones are cut here, the whole is in the tooltip. */
const MAX_CHARACTERS = 280;
/** A tooltip longer than this helps no one and can freeze a page. */
const MAX_TOOLTIP_CHARACTERS = 4_000;

/**
 * Text from the cluster or the model server: shown as text, isolated in its direction (a right-to-left mark in a node
 * name must not turn the page around), cut when it is too long (platform-pitfalls A20).
 */
export function UntrustedText({ text, max = MAX_CHARACTERS }: { text: string; max?: number }): ReactNode {
  const characters = [...text.slice(0, MAX_TOOLTIP_CHARACTERS)];
  if (characters.length <= max) return <bdi className="break-words">{text}</bdi>;
  return (
    <bdi className="break-words" title={characters.join('')}>
      {characters.slice(0, max).join('')}…
    </bdi>
  );
}
