'use client';

import { useEffect, useState } from 'react';
import {
  type DensityChoice,
  DISPLAY_COOKIES,
  type DisplaySettings,
  flipDensity,
  type Theme,
  toDensity,
} from './display-model';

const YEAR_SECONDS = 31_536_000;

function writeCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API exists only in secure contexts; a demo may run over plain HTTP
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

/** Full screen by our key (an element) or by the browser's own (F11). */
function isFullScreenNow(): boolean {
  return document.fullscreenElement !== null || window.matchMedia('(display-mode: fullscreen)').matches;
}

function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  writeCookie(DISPLAY_COOKIES.theme, theme);
}

function applyDensity(choice: DensityChoice): DisplaySettings['density'] {
  const density = toDensity(choice, isFullScreenNow());
  document.documentElement.dataset.density = density;
  writeCookie(DISPLAY_COOKIES.densityChoice, choice);
  writeCookie(DISPLAY_COOKIES.density, density);
  return density;
}

export interface Display extends DisplaySettings {
  flipTheme(): void;
  flipDensity(): void;
}

/** Theme and density of the page, with their switches. `initial` is what the server painted. */
export function useDisplay(initial: DisplaySettings): Display {
  const [settings, setSettings] = useState(initial);
  const { densityChoice } = settings;

  useEffect(() => {
    const follow = (): void => {
      const density = applyDensity(densityChoice);
      setSettings((current) => (current.density === density ? current : { ...current, density }));
    };
    const media = window.matchMedia('(display-mode: fullscreen)');
    follow();
    media.addEventListener('change', follow);
    document.addEventListener('fullscreenchange', follow);
    return () => {
      media.removeEventListener('change', follow);
      document.removeEventListener('fullscreenchange', follow);
    };
  }, [densityChoice]);

  return {
    ...settings,
    flipTheme(): void {
      const theme = settings.theme === 'light' ? 'dark' : 'light';
      applyTheme(theme);
      setSettings({ ...settings, theme });
    },
    flipDensity(): void {
      const next = flipDensity(densityChoice, isFullScreenNow());
      setSettings({ ...settings, densityChoice: next, density: toDensity(next, isFullScreenNow()) });
    },
  };
}
