import { memo, type ReactNode } from 'react';
import { toVisibleCharacters } from './visible-characters';

/** Foreign text as it came, with its own line breaks. */
export const PlainText = memo(function PlainText({ text }: { text: string }): ReactNode {
  return (
    <p dir="auto" className="whitespace-pre-wrap break-words">
      {toVisibleCharacters(text)}
    </p>
  );
});
