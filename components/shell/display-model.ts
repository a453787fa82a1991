/** How the page looks: two themes, two densities. Kept in cookies, so that the server paints the right one at once. */
const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const DENSITIES = ['stage', 'desk'] as const;
export type Density = (typeof DENSITIES)[number];

/** `auto`: stage in full screen, desk in a window. */
export type DensityChoice = Density | 'auto';

export interface DisplaySettings {
  theme: Theme;
  densityChoice: DensityChoice;
  /** What was in effect last: under `auto` only the browser knows whether it is in full screen. */
  density: Density;
}

export const DISPLAY_COOKIES = { theme: 'theme', densityChoice: 'density', density: 'density-now' } as const;

function oneOf<T extends string>(values: readonly T[], value: string | undefined, fallback: T): T {
  return values.find((known) => known === value) ?? fallback;
}

/** Settings from cookies; whatever is unknown falls back to light, and to the density of a window. */
export function parseDisplaySettings(read: (name: string) => string | undefined): DisplaySettings {
  const densityChoice = oneOf<DensityChoice>(
    ['auto', 'stage', 'desk'],
    read(DISPLAY_COOKIES.densityChoice),
    'auto',
  );
  return {
    theme: oneOf(THEMES, read(DISPLAY_COOKIES.theme), 'light'),
    densityChoice,
    density:
      densityChoice === 'auto' ? oneOf(DENSITIES, read(DISPLAY_COOKIES.density), 'desk') : densityChoice,
  };
}

export function toDensity(choice: DensityChoice, isFullScreen: boolean): Density {
  if (choice !== 'auto') return choice;
  return isFullScreen ? 'stage' : 'desk';
}

/** The choice after pressing the switch: the other density, as `auto` where that already gives it. */
export function flipDensity(choice: DensityChoice, isFullScreen: boolean): DensityChoice {
  const wanted: Density = toDensity(choice, isFullScreen) === 'stage' ? 'desk' : 'stage';
  return toDensity('auto', isFullScreen) === wanted ? 'auto' : wanted;
}
