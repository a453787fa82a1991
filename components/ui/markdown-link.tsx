import type { ReactNode } from 'react';
import { toSafeLink } from './safe-link';

/**
 * A link written by a model: http(s) only, its host in sight, and the page it opens learns nothing of this one. Every other
 * address is shown as text. The one place of the product where a foreign address may be followed.
 */
export function MarkdownLink({ address, children }: { address: string; children: ReactNode }): ReactNode {
  const link = toSafeLink(address);
  if (link === null) {
    return (
      <>
        {children}
        {address !== '' && <span className="text-ink-soft"> [{address.slice(0, 200)}]</span>}
      </>
    );
  }
  const isBare = typeof children === 'string' && children.includes(link.host);
  return (
    <>
      <a
        href={link.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="underline decoration-line underline-offset-4"
      >
        {children}
      </a>
      {!isBare && <span className="text-ink-soft"> ({link.host})</span>}
    </>
  );
}

/** An image written by a model: never loaded, its address could carry the conversation away (platform-pitfalls A22). */
export function MarkdownImage({ address, alt }: { address: string; alt: string }): ReactNode {
  return (
    <span className="text-ink-soft">
      [image not loaded{alt === '' ? '' : `: ${alt}`}
      {address === '' ? '' : ` · ${address.slice(0, 200)}`}]
    </span>
  );
}
