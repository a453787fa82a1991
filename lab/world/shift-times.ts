/** The moment that the fixtures' scene shows. */
export const SCENE_MS = Date.UTC(2025, 11, 29, 14, 20, 0);

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** The same JSON with every timestamp moved by whole seconds; digits after the second stay as they are. */
export function shiftTimes<T>(value: T, bySeconds: number): T {
  if (bySeconds === 0) return value;
  const shift = (part: unknown): unknown => {
    if (typeof part === 'string') {
      const match = TIMESTAMP.exec(part);
      if (match === null) return part;
      const moved = new Date(Date.parse(part.replace(match[1] ?? '', '')) + bySeconds * 1000)
        .toISOString()
        .slice(0, 19);
      return `${moved}${match[1] ?? ''}Z`;
    }
    if (Array.isArray(part)) return part.map(shift);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([field, child]) => [field, shift(child)]));
  };
  // The shape is untouched; only texts inside change.
  return shift(value) as T;
}
