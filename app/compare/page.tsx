import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { CompareScreen } from '@/components/compare/compare-screen';

export const metadata: Metadata = { title: 'Compare' };

export default function ComparePage(): ReactNode {
  return <CompareScreen />;
}
