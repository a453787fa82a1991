'use client';

import type { ReactNode } from 'react';
import { ScreenError } from '@/components/ui/screen-error';

export default function CompareError({ reset }: { reset: () => void }): ReactNode {
  return <ScreenError screen="Compare" retry={reset} />;
}
