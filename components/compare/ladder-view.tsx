'use client';

import type { ReactNode } from 'react';
import { CompareChoices } from './compare-choices';
import type { CompareScene } from './compare-scene';

export function LadderView({
  scene,
  onScene,
}: {
  scene: CompareScene;
  onScene(patch: Partial<CompareScene>): void;
}): ReactNode {
  return (
    <CompareChoices scene={scene} onScene={onScene} onPause={() => {}} observedAt={null} grafana={null} />
  );
}
