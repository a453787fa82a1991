/** Where in a file something stands or is wrong: a JSON path. */
export class GuidellmDamage extends Error {
  readonly at: string;

  constructor(at: string, message: string) {
    super(message);
    this.name = 'GuidellmDamage';
    this.at = at;
  }
}

/** Strings are skipped; outside of them Python's own words for "not a number" stand for nothing. */
const PYTHON_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** JSON as Python writes it (`NaN`, `Infinity`); damage is told with the place where the text stops being JSON. */
export function parsePythonJson(text: string): unknown {
  if (text.trim() === '') throw new GuidellmDamage('character 0', 'the file is empty');
  const plain = text
    .replace(/^\uFEFF/, '')
    .replace(PYTHON_NUMBERS, (found) => (found.startsWith('"') ? found : 'null'));
  try {
    return JSON.parse(plain);
  } catch {
    const place = whereJsonEnds(plain);
    throw BEGUN.test(plain.slice(place))
      ? new GuidellmDamage(`character ${plain.length}`, 'the file is cut off: it ends in the middle')
      : new GuidellmDamage(`character ${place}`, 'the file is no JSON from here on');
  }
}

const TOKEN = /\s*(?:([[\]{},:])|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/** A word of JSON that was begun and not ended, or nothing: what a file ends with that was cut off. */
const BEGUN = /^\s*(?:"(?:[^"\\]|\\.)*\\?|[-+.\deE]*|t|tr|tru|f|fa|fal|fals|n|nu|nul|N|Na|-?I\w*)\s*$/;

/**
 * Where a text that is no JSON stops being made of JSON's words. Engines tell the place in their own ways or not at all, so it
 * is looked for here; brackets that do not fit are found by the depth.
 */
function whereJsonEnds(text: string): number {
  const open: string[] = [];
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) return at + (/^\s*/.exec(text.slice(at, at + 1_000))?.[0].length ?? 0);
    const mark = token[1];
    if (mark === '[' || mark === '{') open.push(mark);
    if (mark === ']' || mark === '}') {
      const opened = open.pop();
      if (opened !== (mark === ']' ? '[' : '{')) return TOKEN.lastIndex - 1;
    }
    at = TOKEN.lastIndex;
  }
}

/** A value and the path that leads to it; reading goes step by step, so that what is wrong has a place. */
export interface Place {
  at: string;
  value: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under a name; `undefined` where nothing does. */
export function child({ at, value }: Place, ...names: readonly string[]): Place {
  let place: Place = { at, value };
  for (const name of names) {
    const fields = place.value;
    const own = isObject(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined;
    place = { at: `${place.at}.${name}`, value: own };
  }
  return place;
}

export function isThere({ value }: Place): boolean {
  return value !== undefined && value !== null;
}

/** An object that must be there. */
export function needObject(place: Place): Place {
  if (!isObject(place.value))
    throw new GuidellmDamage(place.at, `an object is expected, not ${kindOf(place.value)}`);
  return place;
}

/** The members of a list that must be there. */
export function needList(place: Place): Place[] {
  if (!Array.isArray(place.value)) {
    throw new GuidellmDamage(place.at, `a list is expected, not ${kindOf(place.value)}`);
  }
  return place.value.map((value: unknown, index) => ({ at: `${place.at}[${index}]`, value }));
}

/** A finite number; `null` where there is none. Anything else is damage. */
export function numberAt(place: Place): number | null {
  if (!isThere(place)) return null;
  if (typeof place.value !== 'number' || !Number.isFinite(place.value)) {
    throw new GuidellmDamage(place.at, `a number is expected, not ${kindOf(place.value)}`);
  }
  return place.value;
}

/** Text; `null` where there is none or something else. */
export function textAt({ value }: Place): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Text values by name; what is no text is left out. */
export function textsAt({ value }: Place): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text] as const] : [],
    ),
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
