/** A colour as in the style sheet: `#rrggbb`. */
export type HexColour = `#${string}`;

/** Share of black-level light the WCAG formula assumes for an ordinary screen. */
export const SCREEN_FLARE = 0.05;
/** The same for a projector in a lit room (design §4). */
export const ROOM_FLARE = 0.2;

/** sRGB relative luminance, WCAG 2.x; 0 is black, 1 is white. */
export function relativeLuminance(colour: HexColour): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG contrast ratio; `flare` raises the black level of both colours. */
export function contrastRatio(one: HexColour, other: HexColour, flare: number = SCREEN_FLARE): number {
  const luminances = [relativeLuminance(one), relativeLuminance(other)];
  return (Math.max(...luminances) + flare) / (Math.min(...luminances) + flare);
}
