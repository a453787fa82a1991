'use client';

import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import type { MouseEvent, ReactNode } from 'react';
import { useEffect } from 'react';
import { rememberScene, toSceneHref } from '@/lib/client/use-scene';
import { SCREEN_TITLES, SCREENS, toScreen } from '@/lib/domain/screens';

/** The four steps of the show. Each link leads to the scene its screen was left in. */
export function StepNav(): ReactNode {
  const pathname = usePathname();
  const router = useRouter();
  const current = toScreen(pathname);
  const text = useSearchParams().toString();

  useEffect(() => rememberScene(pathname, text), [pathname, text]);

  const follow = (event: MouseEvent, path: string): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    router.push(toSceneHref(path));
  };

  return (
    <nav aria-label="Steps">
      <ul className="flex">
        {SCREENS.map((screen) => (
          <li key={screen}>
            <Link
              href={`/${screen}`}
              onClick={(event) => follow(event, `/${screen}`)}
              aria-current={screen === current ? 'page' : undefined}
              className="block rounded-full px-[0.7em] py-[0.35em] text-body leading-none aria-[current=page]:bg-ink aria-[current=page]:font-medium aria-[current=page]:text-ground stage:text-[0.92rem]"
            >
              {SCREEN_TITLES[screen]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
