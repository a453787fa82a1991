'use client';

import type { ReactNode } from 'react';
import { ScreenError } from '@/components/ui/screen-error';

export default function ReadyError({ reset }: { reset: () => void }): ReactNode {
  return <ScreenError screen="Ready" retry={reset} />;
}
