'use client';

import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useEffectEvent, useRef } from 'react';
import { keyCommands } from '@/lib/client/key-commands';
import { toSceneHref } from '@/lib/client/use-scene';
import { type KeyCommand, toKeyCommand } from '@/lib/domain/keys';
import { neighbourScreen, type Screen, toScreen } from '@/lib/domain/screens';
import { toggleFullScreen } from './use-full-screen';

function isTypingTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}

/** Held, these run on: they only move a selection or the crosshair. */
function mayRepeat(command: KeyCommand): boolean {
  return (
    command.type === 'select' ||
    (command.type === 'compare' && (command.action === 'earlier' || command.action === 'later'))
  );
}

/** Reads the keys of the whole page. Panels and screens answer first; what they leave is the frame's. */
export function useKeys(frame: { toggleBlank(): void; toggleHelp(): void }): void {
  const router = useRouter();
  const pathname = usePathname();

  /** Where the last key leads while the page is still on its way: the next key counts from there. */
  const underway = useRef<Screen | null>(null);
  useEffect(() => {
    if (pathname !== '') underway.current = null;
  }, [pathname]);

  const goTo = (screen: Screen | null): boolean => {
    if (screen === null || screen === (underway.current ?? toScreen(pathname))) return true;
    underway.current = screen;
    router.push(toSceneHref(`/${screen}`));
    return true;
  };

  const answer = (command: KeyCommand): boolean => {
    switch (command.type) {
      case 'jump':
        return goTo(command.screen);
      case 'step': {
        const screen = underway.current ?? toScreen(pathname);
        return goTo(screen === null ? 'checklist' : neighbourScreen(screen, command.direction));
      }
      case 'full-screen':
        void toggleFullScreen();
        return true;
      case 'blank':
        frame.toggleBlank();
        return true;
      case 'help':
        frame.toggleHelp();
        return true;
      case 'back':
        if (document.fullscreenElement === null) return false;
        void toggleFullScreen();
        return true;
      case 'select':
      case 'prompt':
      case 'copy':
      case 'ready':
      case 'chat':
      case 'compare':
        return false;
      default:
        return command satisfies never;
    }
  };

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = toKeyCommand(event, isTypingTarget(event.target));
    if (command === null) return;
    if (event.repeat && !mayRepeat(command)) {
      // A held clicker button must not run through the show.
      event.preventDefault();
      return;
    }
    if (keyCommands.dispatch(command) || answer(command)) event.preventDefault();
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
