import { type RefObject, useEffect, useRef, useState } from 'react';

/** Charts just outside are kept up to date, so that none is caught old while scrolling. */
const MARGIN = '64px';

/** Whether an element can be seen; true until the browser says otherwise. */
export function useInView<T extends Element>(): [RefObject<T | null>, boolean] {
  const element = useRef<T>(null);
  const [isInView, setIsInView] = useState(true);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new IntersectionObserver(
      (entries) => setIsInView(entries.at(-1)?.isIntersecting ?? true),
      { rootMargin: MARGIN },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return [element, isInView];
}

/** The newest value while `isCurrent`, and the last one of then while not. */
export function useHeld<T>(value: T, isCurrent: boolean): T {
  const held = useRef(value);
  useEffect(() => {
    if (isCurrent) held.current = value;
  });
  return isCurrent ? value : held.current;
}
