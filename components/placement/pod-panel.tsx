'use client';

import type { ReactNode } from 'react';
import type { Placement, PlacementPod } from '@/lib/domain/placement';
import { DeletePod } from './delete-pod';
import { PodLogView } from './pod-log-view';

/** What a pod's sheet holds below its facts: the live log, and the action where it is allowed. */
export function PodPanel({ pod, actions }: { pod: PlacementPod; actions: Placement['actions'] }): ReactNode {
  // Deleting is for the pods that run the model; the server refuses all others too.
  const isEngine = pod.arm !== 'other' && pod.role !== 'scheduler';
  return (
    <>
      <PodLogView uid={pod.uid} />
      {isEngine && (
        <section aria-label="Action" className="border-rule border-t-(length:--hair) pt-2">
          <DeletePod pod={pod} actions={actions} />
        </section>
      )}
    </>
  );
}
