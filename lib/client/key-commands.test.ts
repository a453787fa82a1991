import { describe, expect, it } from 'vitest';
import type { KeyCommand } from '@/lib/domain/keys';
import { createKeyCommands } from './key-commands';

const BACK: KeyCommand = { type: 'back' };

describe('key commands', () => {
  it('asks what opened last first, and stops at the first that answers', () => {
    const commands = createKeyCommands();
    const asked: string[] = [];
    commands.listen(() => asked.push('screen') > 0);
    const closePanel = commands.listen(() => asked.push('panel') > 0);
    expect(commands.dispatch(BACK)).toBe(true);
    closePanel();
    commands.dispatch(BACK);
    expect(asked).toEqual(['panel', 'screen']);
  });

  it('passes on what is not meant for the newest, and says when nobody answered', () => {
    const commands = createKeyCommands();
    commands.listen((command) => command.type === 'back');
    commands.listen((command) => command.type === 'copy');
    expect(commands.dispatch(BACK)).toBe(true);
    expect(commands.dispatch({ type: 'help' })).toBe(false);
  });
});
