'use client';

import type { ReactNode } from 'react';
import { ScreenError } from '@/components/ui/screen-error';

export default function ChatError({ reset }: { reset: () => void }): ReactNode {
  return <ScreenError screen="Chat" retry={reset} />;
}
