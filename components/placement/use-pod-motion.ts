'use client';

import { type RefObject, useLayoutEffect, useRef } from 'react';
import { type PlacementView, toMovedPods, toPlaces } from './placement-model';

const MOTION_MS = 200;

/** Lets a pod glide to where it now is: only pods that moved or changed in the cluster, never at first sight. */
export function usePodMotion(root: RefObject<HTMLElement | null>, view: PlacementView): void {
  const before = useRef<{ places: Map<string, string>; boxes: Map<string, DOMRect> } | null>(null);

  useLayoutEffect(() => {
    const elements = [...(root.current?.querySelectorAll<HTMLElement>('[data-pod]') ?? [])];
    const boxes = new Map(
      elements.map((element) => [element.dataset.pod ?? '', element.getBoundingClientRect()]),
    );
    const places = toPlaces(view);
    const moved = new Set(toMovedPods(before.current?.places ?? null, places));
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

    for (const element of elements) {
      const uid = element.dataset.pod ?? '';
      if (isStill || !moved.has(uid)) continue;
      const from = before.current?.boxes.get(uid);
      const to = boxes.get(uid);
      const start =
        from === undefined || to === undefined
          ? { opacity: 0 }
          : { opacity: 0.6, transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` };
      element.animate([start, { opacity: 1, transform: 'none' }], {
        duration: MOTION_MS,
        easing: 'ease-out',
      });
    }
    before.current = { places, boxes };
  }, [root, view]);
}
