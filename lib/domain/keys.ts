import { SCREENS, type Screen } from './screens';

/** What only Compare answers. */
export type CompareAction =
  | 'pause'
  | 'open'
  | 'table'
  | 'sides'
  | 'ladder'
  | 'window'
  | 'percentile'
  | 'earlier'
  | 'later';

/** What only Ready answers. */
export type ReadyAction = 'probe' | 'more' | 'save';

/** What only Chat answers. */
export type ChatAction = 'write' | 'again' | 'edit' | 'new' | 'settings' | 'lanes' | 'load';

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
  /** What it does: on every screen, or on each that answers it. */
  uses: string | Readonly<Partial<Record<Screen, string>>>;
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
    uses: 'Ready, Placement, Chat, Compare',
    worksWhileTyping: false,
    match: (stroke) => {
      const screen = stroke.shiftKey ? undefined : SCREENS[(digitOf(stroke) ?? 0) - 1];
      return screen === undefined ? null : { type: 'jump', screen };
    },
  },
  {
    shown: ['Page Down'],
    uses: 'Next screen (clicker)',
    worksWhileTyping: true,
    match: onKeys(['PageDown'], { type: 'step', direction: 'next' }),
  },
  {
    shown: ['Page Up'],
    uses: 'Previous screen (clicker)',
    worksWhileTyping: true,
    match: onKeys(['PageUp'], { type: 'step', direction: 'previous' }),
  },
  {
    shown: ['→'],
    uses: 'Next screen',
    worksWhileTyping: false,
    match: onKeys(['ArrowRight'], { type: 'step', direction: 'next' }),
  },
  {
    shown: ['←'],
    uses: 'Previous screen',
    worksWhileTyping: false,
    match: onKeys(['ArrowLeft'], { type: 'step', direction: 'previous' }),
  },
  {
    shown: ['↓'],
    uses: { checklist: 'Next gate', compare: 'Next chart or page' },
    worksWhileTyping: false,
    match: onKeys(['ArrowDown'], { type: 'select', direction: 'down' }),
  },
  {
    shown: ['↑'],
    uses: { checklist: 'Gate before', compare: 'Chart or page before' },
    worksWhileTyping: false,
    match: onKeys(['ArrowUp'], { type: 'select', direction: 'up' }),
  },
  {
    shown: ['Shift + 1 … 9'],
    uses: { chat: 'Ask a scripted prompt' },
    worksWhileTyping: false,
    match: (stroke) => {
      const number = stroke.shiftKey ? digitOf(stroke) : null;
      return number === null ? null : { type: 'prompt', number };
    },
  },
  {
    shown: ['c'],
    uses: {
      checklist: 'Copy the report, or the command of the open gate',
      chat: 'Copy the last answer',
      compare: 'Copy the query of the open chart',
    },
    worksWhileTyping: false,
    match: onKeys(['c'], { type: 'copy' }),
  },
  {
    shown: ['r'],
    uses: { checklist: 'Ask the models, the metrics and the cluster again now' },
    worksWhileTyping: false,
    match: onKeys(['r', 'R'], { type: 'ready', action: 'probe' }),
  },
  {
    shown: ['h'],
    uses: { checklist: 'What changed, the report, the screens of the platform' },
    worksWhileTyping: false,
    match: onKeys(['h', 'H'], { type: 'ready', action: 'more' }),
  },
  {
    shown: ['d'],
    uses: { checklist: 'Save the report as Markdown' },
    worksWhileTyping: false,
    match: onKeys(['d', 'D'], { type: 'ready', action: 'save' }),
  },
  {
    shown: ['o'],
    uses: { compare: 'Open one chart, close it' },
    worksWhileTyping: false,
    match: onKeys(['o', 'O'], { type: 'compare', action: 'open' }),
  },
  {
    shown: ['p'],
    uses: { compare: 'Pause the curves, go on' },
    worksWhileTyping: false,
    match: onKeys(['p', 'P'], { type: 'compare', action: 'pause' }),
  },
  {
    shown: ['w'],
    uses: { compare: 'Next window' },
    worksWhileTyping: false,
    match: onKeys(['w', 'W'], { type: 'compare', action: 'window' }),
  },
  {
    shown: ['q'],
    uses: { compare: 'Next percentile: p50, p90, p95, p99' },
    worksWhileTyping: false,
    match: onKeys(['q', 'Q'], { type: 'compare', action: 'percentile' }),
  },
  {
    shown: ['s'],
    uses: { compare: 'Side by side, or overlaid' },
    worksWhileTyping: false,
    match: onKeys(['s', 'S'], { type: 'compare', action: 'sides' }),
  },
  {
    shown: ['t'],
    uses: { compare: 'Values as a table; of the ladder its stages' },
    worksWhileTyping: false,
    match: onKeys(['t', 'T'], { type: 'compare', action: 'table' }),
  },
  {
    shown: ['g'],
    uses: { compare: 'GuideLLM ladder' },
    worksWhileTyping: false,
    match: onKeys(['g', 'G'], { type: 'compare', action: 'ladder' }),
  },
  {
    shown: ['j'],
    uses: { compare: 'Crosshair earlier' },
    worksWhileTyping: false,
    match: onKeys(['j', 'J'], { type: 'compare', action: 'earlier' }),
  },
  {
    shown: ['l'],
    uses: { compare: 'Crosshair later' },
    worksWhileTyping: false,
    match: onKeys(['l', 'L'], { type: 'compare', action: 'later' }),
  },
  {
    shown: ['i'],
    uses: { chat: 'Write a question' },
    worksWhileTyping: false,
    match: onKeys(['i', 'I'], { type: 'chat', action: 'write' }),
  },
  {
    shown: ['a'],
    uses: { chat: 'Ask the last question again' },
    worksWhileTyping: false,
    match: onKeys(['a', 'A'], { type: 'chat', action: 'again' }),
  },
  {
    shown: ['e'],
    uses: { chat: 'Edit the last question' },
    worksWhileTyping: false,
    match: onKeys(['e', 'E'], { type: 'chat', action: 'edit' }),
  },
  {
    shown: ['n'],
    uses: { chat: 'New conversation' },
    worksWhileTyping: false,
    match: onKeys(['n', 'N'], { type: 'chat', action: 'new' }),
  },
  {
    shown: [','],
    uses: { chat: 'How it is asked: system prompt, parameters' },
    worksWhileTyping: false,
    match: onKeys([','], { type: 'chat', action: 'settings' }),
  },
  {
    shown: ['m'],
    uses: { chat: 'Who answers: race, two paths, one alone' },
    worksWhileTyping: false,
    match: onKeys(['m', 'M'], { type: 'chat', action: 'lanes' }),
  },
  {
    shown: ['u'],
    uses: { chat: 'Load of virtual users while you talk' },
    worksWhileTyping: false,
    match: onKeys(['u', 'U'], { type: 'chat', action: 'load' }),
  },
  {
    shown: ['f'],
    uses: 'Full screen, screen kept awake',
    worksWhileTyping: false,
    match: onKeys(['f', 'F'], { type: 'full-screen' }),
  },
  {
    shown: ['.', 'b'],
    uses: 'Blank the screen',
    worksWhileTyping: false,
    match: onKeys(['.', 'b', 'B'], { type: 'blank' }),
  },
  { shown: ['?'], uses: 'This help', worksWhileTyping: false, match: onKeys(['?'], { type: 'help' }) },
  {
    shown: ['Esc'],
    uses: 'One level back: stop, close, leave',
    worksWhileTyping: true,
    match: onKeys(['Escape'], { type: 'back' }),
  },
];

/** The rows that do something on a screen and nothing elsewhere, or (`everywhere`) on all of them, with their words. */
export function keysOf(where: Screen | 'everywhere'): { shown: readonly string[]; does: string }[] {
  return KEY_TABLE.flatMap(({ shown, uses }) => {
    const here = typeof uses === 'string' ? { everywhere: uses } : { ...uses, everywhere: undefined };
    const does = (here as Partial<Record<typeof where, string>>)[where];
    return does === undefined ? [] : [{ shown, does }];
  });
}

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
