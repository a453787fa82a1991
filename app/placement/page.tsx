import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { PlacementScreen } from '@/components/placement/placement-screen';

export const metadata: Metadata = { title: 'Placement' };

export default function PlacementPage(): ReactNode {
  return <PlacementScreen />;
}
