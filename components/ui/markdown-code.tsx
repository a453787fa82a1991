import type { ReactNode } from 'react';
import { type CodeToken, toCodeTokens } from './code-tokens';

/** Weight and ink only: colours mean arms and states in this product. */
const LOOKS: Record<CodeToken['kind'], string | undefined> = {
  plain: undefined,
  string: undefined,
  comment: 'text-ink-soft italic',
  keyword: 'font-bold',
};

/** A block of code: lines break rather than run out of the lane. While it grows it is plain. */
export function MarkdownCode({
  code,
  language,
  isOpen,
}: {
  code: string;
  language: string;
  isOpen: boolean;
}): ReactNode {
  const tokens: CodeToken[] = isOpen ? [{ kind: 'plain', text: code }] : toCodeTokens(code, language);
  return (
    <pre
      dir="ltr"
      className="whitespace-pre-wrap break-words border-line border-l-4 bg-surface py-1 pl-3 font-mono text-dense"
    >
      <code>
        {tokens.map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text have no other identity
          <span key={index} className={LOOKS[kind]}>
            {text}
          </span>
        ))}
      </code>
    </pre>
  );
}
