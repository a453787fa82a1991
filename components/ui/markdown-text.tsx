'use client';

import { Component, memo, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { cn } from './cn';
import { MarkdownImage, MarkdownLink } from './markdown-link';
import { PlainText } from './plain-text';
import { toVisibleCharacters } from './visible-characters';

/** Everything else is unwrapped: its text stays, its element does not. */
const ALLOWED_ELEMENTS = [
  ...['p', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'img'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'input'],
];

const REMARK_PLUGINS = [remarkGfm];

/** The heading of an answer is not a heading of this page: it stays out of the page's outline. */
function Heading({ children }: { children?: ReactNode }): ReactNode {
  return (
    <p dir="auto" className="font-display font-semibold text-heading">
      {children}
    </p>
  );
}

const COMPONENTS: Components = {
  p: ({ children }) => (
    <p dir="auto" className="whitespace-pre-line">
      {children}
    </p>
  ),
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
  ul: ({ children }) => <ul className="list-disc pl-[1.3em]">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="list-decimal pl-[1.7em]">
      {children}
    </ol>
  ),
  li: ({ children, className }) => (
    // Where remark-gfm marks a task, its box stands for the bullet.
    <li
      dir="auto"
      className={cn(
        '[&>p]:inline',
        className?.includes('task-list-item') === true && '-ml-[1.3em] list-none',
      )}
    >
      {children}
    </li>
  ),
  blockquote: ({ children }) => (
    <blockquote className="border-rule border-l-4 pl-3 text-ink-soft">{children}</blockquote>
  ),
  hr: () => <hr className="border-rule" />,
  code: ({ children }) => (
    <code dir="ltr" className="rounded-[0.2em] bg-sunken px-[0.25em] font-mono text-[0.92em]">
      {children}
    </code>
  ),
  pre: ({ children }) => (
    <pre className="whitespace-pre-wrap break-words border-line border-l-4 py-1 pl-3 text-dense [&_code]:bg-transparent [&_code]:p-0">
      {children}
    </pre>
  ),
  // Wider than its lane it scrolls by itself: what is drawn beside a group of blocks is cut off.
  table: ({ children }) => (
    <div className="overflow-x-auto">
      <table className="border-collapse text-dense">{children}</table>
    </div>
  ),
  tr: ({ children }) => <tr className="border-rule border-b-(length:--hair) align-top">{children}</tr>,
  th: ({ children }) => (
    <th dir="auto" className="px-2 py-0.5 text-left font-semibold first:pl-0">
      {children}
    </th>
  ),
  td: ({ children }) => (
    <td dir="auto" className="px-2 py-0.5 first:pl-0">
      {children}
    </td>
  ),
  a: ({ href, children }) => <MarkdownLink address={href ?? ''}>{children}</MarkdownLink>,
  img: ({ src, alt }) => <MarkdownImage address={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  input: ({ checked }) => (checked === true ? '☑ ' : '☐ '),
};

/** What the parser cannot digest is shown as it came. */
class ParserGuard extends Component<{ source: string; children: ReactNode }, { failedOn: string | null }> {
  override state: { failedOn: string | null } = { failedOn: null };
  static getDerivedStateFromError(): { failedOn: string } {
    return { failedOn: '' };
  }
  override render(): ReactNode {
    return this.state.failedOn === null ? this.props.children : <PlainText text={this.props.source} />;
  }
}

/** A block whose props did not change is not parsed again. */
export const MarkdownText = memo(function MarkdownText({ source }: { source: string }): ReactNode {
  return (
    <ParserGuard source={source}>
      <ReactMarkdown
        remarkPlugins={REMARK_PLUGINS}
        allowedElements={ALLOWED_ELEMENTS}
        unwrapDisallowed
        // Addresses are judged where they are drawn, in MarkdownLink and MarkdownImage; no other element gets one.
        urlTransform={(address) => address}
        components={COMPONENTS}
      >
        {toVisibleCharacters(source)}
      </ReactMarkdown>
    </ParserGuard>
  );
});
