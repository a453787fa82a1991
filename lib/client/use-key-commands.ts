'use client';

import { useEffect, useEffectEvent } from 'react';
import { type KeyListener, keyCommands } from './key-commands';

/** Listens while `isActive`; becoming active puts the listener in front. */
export function useKeyCommands(listener: KeyListener, isActive = true): void {
  const onCommand = useEffectEvent(listener);
  useEffect(() => {
    if (!isActive) return;
    return keyCommands.listen((command) => onCommand(command));
  }, [isActive]);
}
