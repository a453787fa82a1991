import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ReadyScreen } from '@/components/checklist/ready-screen';

export const metadata: Metadata = { title: 'Ready' };

export default function ReadyPage(): ReactNode {
  return <ReadyScreen />;
}
