'use client';

import type { ReactNode } from 'react';
import { ScreenError } from '@/components/ui/screen-error';

export default function PlacementError({ reset }: { reset: () => void }): ReactNode {
  return <ScreenError screen="Placement" retry={reset} />;
}
