import type { KeyCommand } from '@/lib/domain/keys';

/** Answers whether the command was meant for it; then nobody else is asked. */
export type KeyListener = (command: KeyCommand) => boolean;

export interface KeyCommands {
  /** The newest listener is asked first: what opened last closes first. */
  listen(listener: KeyListener): () => void;
  dispatch(command: KeyCommand): boolean;
}

export function createKeyCommands(): KeyCommands {
  let listeners: readonly KeyListener[] = [];
  return {
    listen(listener) {
      listeners = [listener, ...listeners];
      return () => {
        listeners = listeners.filter((other) => other !== listener);
      };
    },
    dispatch: (command) => listeners.some((listener) => listener(command)),
  };
}

/** The page's one dispatcher: the frame reads the keys, screens and panels answer. */
export const keyCommands: KeyCommands = createKeyCommands();
