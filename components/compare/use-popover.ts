'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { useKeyCommands } from '@/lib/client/use-key-commands';

/** A panel that its button opens; Esc, or a press anywhere else, closes it. */
export function usePopover<T extends HTMLElement>(): {
  /** Of the element that holds button and panel. */
  place: RefObject<T | null>;
  isOpen: boolean;
  toggle(): void;
} {
  const [isOpen, setIsOpen] = useState(false);
  const place = useRef<T>(null);
  useKeyCommands((command) => {
    if (command.type !== 'back') return false;
    setIsOpen(false);
    return true;
  }, isOpen);
  useEffect(() => {
    if (!isOpen) return;
    const onPress = ({ target }: PointerEvent): void => {
      if (target instanceof Node && place.current?.contains(target) !== true) setIsOpen(false);
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [isOpen]);
  return { place, isOpen, toggle: () => setIsOpen((wasOpen) => !wasOpen) };
}
