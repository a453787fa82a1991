import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Our type scale, so that `text-hero text-ink` is not taken for two colours. */
const merge = extendTailwindMerge({
  extend: { theme: { text: ['verdict', 'hero', 'title', 'figure', 'heading', 'body', 'dense', 'small'] } },
});

/** Joins class names; of two that say the same, the last wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
