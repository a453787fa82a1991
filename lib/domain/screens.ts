/** The four steps of the show, in the order they are told. */
export const SCREENS = ['checklist', 'placement', 'chat', 'compare'] as const;
export type Screen = (typeof SCREENS)[number];

/** The words in the top bar. */
export const SCREEN_TITLES: Record<Screen, string> = {
  checklist: 'Ready',
  placement: 'Placement',
  chat: 'Chat',
  compare: 'Compare',
};

/** The screen a path belongs to; `null` for paths that are no screen. */
export function toScreen(pathname: string): Screen | null {
  return SCREENS.find((screen) => pathname === `/${screen}` || pathname.startsWith(`/${screen}/`)) ?? null;
}

/** The neighbour in the order of the show; `null` past either end, because a clicker must not wrap around. */
export function neighbourScreen(screen: Screen, direction: 'previous' | 'next'): Screen | null {
  return SCREENS[SCREENS.indexOf(screen) + (direction === 'next' ? 1 : -1)] ?? null;
}
