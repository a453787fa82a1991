import { SCREENS, type Screen } from './screens';

/** What only Compare answers. */
export type CompareAction = 'pause' | 'open' | 'table' | 'sides' | 'ladder' | 'window' | 'earlier' | 'later';

/** What only Ready answers. */
export type ReadyAction = 'probe' | 'more' | 'save';

/** What only Chat answers. */
export type ChatAction = 'write' | 'again' | 'edit' | 'new' | 'settings';

/** What a key asks for. Screens answer `select`, `prompt`, `copy` and `back`; the frame answers the rest. */
export type KeyCommand =
  | { type: 'jump'; screen: Screen }
  | { type: 'step'; direction: 'previous' | 'next' }
  | { type: 'select'; direction: 'up' | 'down' }
  | { type: 'prompt'; number: number }
  | { type: 'copy' }
  | { type: 'ready'; action: ReadyAction }
  | { type: 'chat'; action: ChatAction }
  | { type: 'compare'; action: CompareAction }
  | { type: 'full-screen' }
  | { type: 'blank' }
  | { type: 'help' }
  | { type: 'back' };

/** The parts of a keyboard event that decide. */
export interface KeyStroke {
  /** The character or name produced, e.g. `?`, `PageDown`. */
  key: string;
  /** The place on the keyboard, e.g. `Digit1`: digits are read by place, so that they work on every layout. */
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

export interface KeyRow {
  /** As written in the help. */
  shown: readonly string[];
  does: string;
  /** Whether it still is a key while a text field has the focus. */
  worksWhileTyping: boolean;
  match(stroke: KeyStroke): KeyCommand | null;
}

function digitOf(stroke: KeyStroke): number | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(stroke.code)?.[1];
  return digit === undefined ? null : Number(digit);
}

function onKeys(keys: readonly string[], command: KeyCommand): KeyRow['match'] {
  return (stroke) => (keys.includes(stroke.key) ? command : null);
}

/** Every key of the product, in the order the help lists them. */
export const KEY_TABLE: readonly KeyRow[] = [
  {
    shown: ['1', '2', '3', '4'],
    does: 'Ready, Placement, Chat, Compare',
    worksWhileTyping: false,
    match: (stroke) => {
      const screen = stroke.shiftKey ? undefined : SCREENS[(digitOf(stroke) ?? 0) - 1];
      return screen === undefined ? null : { type: 'jump', screen };
    },
  },
  {
    shown: ['Page Down'],
    does: 'Next screen (clicker)',
    worksWhileTyping: true,
    match: onKeys(['PageDown'], { type: 'step', direction: 'next' }),
  },
  {
    shown: ['Page Up'],
    does: 'Previous screen (clicker)',
    worksWhileTyping: true,
    match: onKeys(['PageUp'], { type: 'step', direction: 'previous' }),
  },
  {
    shown: ['→'],
    does: 'Next screen',
    worksWhileTyping: false,
    match: onKeys(['ArrowRight'], { type: 'step', direction: 'next' }),
  },
  {
    shown: ['←'],
    does: 'Previous screen',
    worksWhileTyping: false,
    match: onKeys(['ArrowLeft'], { type: 'step', direction: 'previous' }),
  },
  {
    shown: ['↓'],
    does: 'Down within the screen: next gate, more charts',
    worksWhileTyping: false,
    match: onKeys(['ArrowDown'], { type: 'select', direction: 'down' }),
  },
  {
    shown: ['↑'],
    does: 'Up within the screen',
    worksWhileTyping: false,
    match: onKeys(['ArrowUp'], { type: 'select', direction: 'up' }),
  },
  {
    shown: ['Shift + 1 … 9'],
    does: 'Scripted prompt (Chat)',
    worksWhileTyping: false,
    match: (stroke) => {
      const number = stroke.shiftKey ? digitOf(stroke) : null;
      return number === null ? null : { type: 'prompt', number };
    },
  },
  {
    shown: ['c'],
    does: 'Copy the report or the command of the open gate (Ready), the last answer (Chat), the query of the open chart (Compare)',
    worksWhileTyping: false,
    match: onKeys(['c'], { type: 'copy' }),
  },
  {
    shown: ['r'],
    does: 'Ask the models, the metrics and the cluster again now (Ready)',
    worksWhileTyping: false,
    match: onKeys(['r', 'R'], { type: 'ready', action: 'probe' }),
  },
  {
    shown: ['h'],
    does: 'What changed, the report, the screens of the platform (Ready)',
    worksWhileTyping: false,
    match: onKeys(['h', 'H'], { type: 'ready', action: 'more' }),
  },
  {
    shown: ['d'],
    does: 'Save the report as Markdown (Ready)',
    worksWhileTyping: false,
    match: onKeys(['d', 'D'], { type: 'ready', action: 'save' }),
  },
  {
    shown: ['o'],
    does: 'Open one chart, close it (Compare)',
    worksWhileTyping: false,
    match: onKeys(['o', 'O'], { type: 'compare', action: 'open' }),
  },
  {
    shown: ['p'],
    does: 'Pause the curves, go on (Compare)',
    worksWhileTyping: false,
    match: onKeys(['p', 'P'], { type: 'compare', action: 'pause' }),
  },
  {
    shown: ['w'],
    does: 'Next window (Compare)',
    worksWhileTyping: false,
    match: onKeys(['w', 'W'], { type: 'compare', action: 'window' }),
  },
  {
    shown: ['s'],
    does: 'Side by side, or overlaid (Compare)',
    worksWhileTyping: false,
    match: onKeys(['s', 'S'], { type: 'compare', action: 'sides' }),
  },
  {
    shown: ['t'],
    does: 'Values as a table (Compare)',
    worksWhileTyping: false,
    match: onKeys(['t', 'T'], { type: 'compare', action: 'table' }),
  },
  {
    shown: ['g'],
    does: 'GuideLLM ladder (Compare)',
    worksWhileTyping: false,
    match: onKeys(['g', 'G'], { type: 'compare', action: 'ladder' }),
  },
  {
    shown: ['j'],
    does: 'Crosshair earlier (Compare)',
    worksWhileTyping: false,
    match: onKeys(['j', 'J'], { type: 'compare', action: 'earlier' }),
  },
  {
    shown: ['l'],
    does: 'Crosshair later (Compare)',
    worksWhileTyping: false,
    match: onKeys(['l', 'L'], { type: 'compare', action: 'later' }),
  },
  {
    shown: ['i'],
    does: 'Write a question (Chat)',
    worksWhileTyping: false,
    match: onKeys(['i', 'I'], { type: 'chat', action: 'write' }),
  },
  {
    shown: ['a'],
    does: 'Ask the last question again (Chat)',
    worksWhileTyping: false,
    match: onKeys(['a', 'A'], { type: 'chat', action: 'again' }),
  },
  {
    shown: ['e'],
    does: 'Edit the last question (Chat)',
    worksWhileTyping: false,
    match: onKeys(['e', 'E'], { type: 'chat', action: 'edit' }),
  },
  {
    shown: ['n'],
    does: 'New conversation (Chat)',
    worksWhileTyping: false,
    match: onKeys(['n', 'N'], { type: 'chat', action: 'new' }),
  },
  {
    shown: [','],
    does: 'How it is asked: system prompt, parameters (Chat)',
    worksWhileTyping: false,
    match: onKeys([','], { type: 'chat', action: 'settings' }),
  },
  {
    shown: ['f'],
    does: 'Full screen, screen kept awake',
    worksWhileTyping: false,
    match: onKeys(['f', 'F'], { type: 'full-screen' }),
  },
  {
    shown: ['.', 'b'],
    does: 'Blank the screen',
    worksWhileTyping: false,
    match: onKeys(['.', 'b', 'B'], { type: 'blank' }),
  },
  { shown: ['?'], does: 'This help', worksWhileTyping: false, match: onKeys(['?'], { type: 'help' }) },
  {
    shown: ['Esc'],
    does: 'One level back: stop, close, leave',
    worksWhileTyping: true,
    match: onKeys(['Escape'], { type: 'back' }),
  },
];

/** The command of a key stroke, or `null` when the key is none of ours. Chords belong to the browser. */
export function toKeyCommand(stroke: KeyStroke, isTyping: boolean): KeyCommand | null {
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey) return null;
  for (const row of KEY_TABLE) {
    if (isTyping && !row.worksWhileTyping) continue;
    const command = row.match(stroke);
    if (command !== null) return command;
  }
  return null;
}
