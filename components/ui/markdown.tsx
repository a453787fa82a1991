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

/** Between blocks. */
const SPACED = '[&>*+*]:mt-[0.45em]';

/** Blocks that are laid out and painted together. Few, so that the last group stays cheap; many, so that the groups stay few. */
const BLOCKS_PER_GROUP = 8;

/** A bar behind the last word, inside its line: it takes no line of its own, so nothing moves when it goes. */
const CURSOR = cn(
  '[&>p:last-child]:after:ml-0.5 [&>p:last-child]:after:inline-block [&>p:last-child]:after:h-[1em] [&>p:last-child]:after:w-[0.2em]',
  "[&>p:last-child]:after:translate-y-[0.15em] [&>p:last-child]:after:bg-(--cursor) [&>p:last-child]:after:content-['']",
);

/** Nothing inside moves anything outside, so each group is laid out and painted by itself; outlines may stand out of it. */
const CONTAINED = '[contain:layout_style_paint] [overflow-clip-margin:0.4rem]';

/**
 * What has left the view is neither laid out nor painted again, and keeps the height it was measured with: nothing jumps. Of
 * what never was in view (a restored answer) no height is known.
 */
const EXTENTS = {
  whole: undefined,
  measured: cn(CONTAINED, '[contain-intrinsic-block-size:auto_20em]'),
  skipped: cn(CONTAINED, '[contain-intrinsic-block-size:auto_20em] [content-visibility:auto]'),
};

interface GroupProps {
  blocks: readonly MarkdownBlock[];
  hasCursor: boolean;
  extent: keyof typeof EXTENTS;
}

function isSameGroup(one: GroupProps, other: GroupProps): boolean {
  return (
    one.hasCursor === other.hasCursor &&
    one.extent === other.extent &&
    one.blocks.length === other.blocks.length &&
    one.blocks.every((block, index) => block === other.blocks[index])
  );
}

/** Some blocks in a row. While the last group grows, and when the cursor goes, the others are not touched. */
const Group = memo(function Group({ blocks, hasCursor, extent }: GroupProps): ReactNode {
  return (
    <div className={cn(SPACED, EXTENTS[extent], hasCursor && CURSOR)}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only added at the end
        <Block key={index} block={block} />
      ))}
    </div>
  );
}, isSameGroup);

function toGroups(blocks: readonly MarkdownBlock[]): (readonly MarkdownBlock[])[] {
  return Array.from({ length: Math.ceil(blocks.length / BLOCKS_PER_GROUP) }, (_, index) =>
    blocks.slice(index * BLOCKS_PER_GROUP, (index + 1) * BLOCKS_PER_GROUP),
  );
}

/**
 * Markdown written by a model, drawn while it grows: markup it contains stays text, nothing is loaded, links show where they
 * lead (platform-pitfalls A21, A22). Cost per frame is that of the last blocks, however long the answer.
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
  const [grewHere, setGrewHere] = useState(isGrowing);
  if (isGrowing && !grewHere) setGrewHere(true);
  const groups = toGroups(cutBlocks(text));
  return (
    <div
      className={cn('break-words', SPACED, className)}
      // It stays when the cursor goes: all that is inside would have to be styled anew.
      style={grewHere ? ({ '--cursor': cursorColor } as CSSProperties) : undefined}
    >
      {/* A growing answer waits for nothing; one that is restored comes when it can come as it will stay. */}
      <Suspense fallback={isGrowing ? <PlainText text={text} /> : null}>
        {groups.map((blocks, index) => (
          <Group
            // biome-ignore lint/suspicious/noArrayIndexKey: groups are only added at the end
            key={index}
            blocks={blocks}
            hasCursor={isGrowing && index === groups.length - 1}
            // The last but one may be measured only now, when the last has begun.
            extent={grewHere ? (index < groups.length - 2 ? 'skipped' : 'measured') : 'whole'}
          />
        ))}
      </Suspense>
    </div>
  );
}
