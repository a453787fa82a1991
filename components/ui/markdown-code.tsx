import { memo, type ReactNode } from 'react';
import { type CodeToken, toCodePieces, toCodeTokens } from './code-tokens';
import { toVisibleCharacters } from './visible-characters';

/** Weight and ink only: colours mean arms and states in this product. */
const LOOKS: Record<CodeToken['kind'], string | undefined> = {
  plain: undefined,
  string: undefined,
  comment: 'text-ink-soft italic',
  keyword: 'font-bold',
};

/** Some lines of plain code. Each piece is a block of its own: while the last grows, the others are neither drawn nor laid out again. */
const PlainPiece = memo(function PlainPiece({ text }: { text: string }): ReactNode {
  return <span className="block">{toVisibleCharacters(text)}</span>;
});

function ColouredPiece({ tokens }: { tokens: readonly CodeToken[] }): ReactNode {
  return (
    <span className="block">
      {tokens.map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text have no other identity
        <span key={index} className={LOOKS[kind]}>
          {toVisibleCharacters(text)}
        </span>
      ))}
    </span>
  );
}

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
        {toCodePieces(tokens).map((piece, index) => {
          const [first] = piece;
          return first !== undefined && piece.length === 1 && first.kind === 'plain' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces are only added at the end
            <PlainPiece key={index} text={first.text} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces are only added at the end
            <ColouredPiece key={index} tokens={piece} />
          );
        })}
      </code>
    </pre>
  );
}
