'use client';

import { type CSSProperties, lazy, memo, type ReactNode, Suspense, useState } from 'react';
import { cn } from './cn';
import { createBlockCutter, type MarkdownBlock } from './markdown-blocks';
import { MarkdownCode } from './markdown-code';
import { PlainText } from './plain-text';

const loadParser = () => import('./markdown-text');

function Unparsed({ source }: { source: string }): ReactNode {
  return <PlainText text={source} />;
}

/** The parser outweighs everything else on its screen, so it comes beside it, not before it. Where it cannot come, text stays as it is. */
const MarkdownText = lazy(() =>
  loadParser().then(
    (loaded) => ({ default: loaded.MarkdownText }),
    () => ({ default: Unparsed }),
  ),
);

/** Starts loading the parser, so that it is there before the first answer. */
export function preloadMarkdown(): void {
  loadParser().catch(() => undefined);
}

const Block = memo(function Block({ block }: { block: MarkdownBlock }): ReactNode {
  switch (block.kind) {
    case 'markdown':
      return <MarkdownText source={block.source} />;
    case 'code':
      return <MarkdownCode code={block.code} language={block.language} isOpen={block.isOpen} />;
    case 'plain':
      return <PlainText text={block.text} />;
    default:
      return block satisfies never;
  }
});

/** A bar behind the last word, inside its line: it takes no line of its own, so nothing moves when it goes. */
const CURSOR = cn(
  '[&>p:last-child]:after:ml-0.5 [&>p:last-child]:after:inline-block [&>p:last-child]:after:h-[1em] [&>p:last-child]:after:w-[0.2em]',
  "[&>p:last-child]:after:translate-y-[0.15em] [&>p:last-child]:after:bg-(--cursor) [&>p:last-child]:after:content-['']",
);

/**
 * What was drawn and has left the view is neither laid out nor painted again, and keeps its measured height: nothing jumps.
 * Only for what grew on this page: of what never was in view no height is known.
 */
const SKIPPED = cn(
  '[&>*]:[contain-intrinsic-block-size:auto_3em]',
  '[&>:not(:nth-last-child(-n+4))]:[content-visibility:auto]',
);

/**
 * Markdown written by a model, drawn while it grows: markup it contains stays text, nothing is loaded, links show where they
 * lead (platform-pitfalls A21, A22). Cost per frame is that of the last block, however long the answer.
 */
export function Markdown({
  text,
  isGrowing = false,
  cursorColor = 'currentColor',
  className,
}: {
  text: string;
  isGrowing?: boolean;
  /** Of the bar behind the last word while it grows. */
  cursorColor?: string;
  className?: string;
}): ReactNode {
  const [cutBlocks] = useState(createBlockCutter);
  const [grewHere] = useState(isGrowing);
  const blocks = cutBlocks(text);
  return (
    <div
      className={cn('break-words [&>*+*]:mt-[0.45em]', grewHere && SKIPPED, isGrowing && CURSOR, className)}
      style={isGrowing ? ({ '--cursor': cursorColor } as CSSProperties) : undefined}
    >
      {/* A growing answer waits for nothing; one that is restored comes when it can come as it will stay. */}
      <Suspense fallback={isGrowing ? <PlainText text={text} /> : null}>
        {blocks.map((block, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only added at the end
          <Block key={index} block={block} />
        ))}
      </Suspense>
    </div>
  );
}
