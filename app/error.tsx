'use client';

import type { ReactNode } from 'react';
import { ScreenError } from '@/components/ui/screen-error';

export default function PageError({ reset }: { reset: () => void }): ReactNode {
  return <ScreenError screen="This page" retry={reset} />;
}
