'use client';

import { type ReactNode, useId, useState } from 'react';
import { StateMark } from '@/components/ui/state-mark';
import { deletePod } from '@/lib/client/delete-pod';
import type { Placement, PlacementPod } from '@/lib/domain/placement';
import { shortPodName } from './placement-model';

type Step =
  | { step: 'idle' }
  /** Asked again, after a refusal with its words. */
  | { step: 'confirming'; refusal: string | null }
  | { step: 'deleting' }
  | { step: 'deleted' };

const BUTTON = 'rounded-[0.375rem] border-(length:--stroke) px-3 py-1 font-semibold';

/** Deletes this very pod after a second press; there only where the configuration allows it. */
export function DeletePod({ pod, actions }: { pod: PlacementPod; actions: Placement['actions'] }): ReactNode {
  const [state, setState] = useState<Step>({ step: 'idle' });
  const [token, setToken] = useState('');
  const tokenId = useId();
  const name = shortPodName(pod);
  if (!actions.deletePod) {
    return <p className="text-ink-soft text-small">Read-only: ALLOW_ACTIONS does not name delete-pod.</p>;
  }

  const confirm = async (): Promise<void> => {
    setState({ step: 'deleting' });
    const { namespace, uid } = pod;
    const outcome = await deletePod({ namespace, uid }, actions.needsToken ? token : null);
    setToken('');
    setState(
      outcome.state === 'deleted' ? { step: 'deleted' } : { step: 'confirming', refusal: outcome.message },
    );
  };

  switch (state.step) {
    case 'idle':
      return (
        <button
          type="button"
          className={`${BUTTON} border-fail text-fail`}
          onClick={() => setState({ step: 'confirming', refusal: null })}
        >
          Delete this pod
        </button>
      );
    case 'confirming':
    case 'deleting':
      return (
        <form
          className="flex flex-wrap items-center gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm();
          }}
        >
          <p>Delete {name}? What it answers now is cut off; its controller makes another.</p>
          {actions.needsToken && (
            <p className="flex items-center gap-2">
              <label htmlFor={tokenId}>Control token</label>
              <input
                id={tokenId}
                type="password"
                autoComplete="off"
                required
                value={token}
                onChange={(event) => setToken(event.target.value)}
                className="w-[12em] rounded-[0.25rem] border-(length:--stroke) border-line bg-ground px-2 py-0.5"
              />
            </p>
          )}
          <button
            type="submit"
            disabled={state.step === 'deleting'}
            className={`${BUTTON} border-fail bg-fail text-ground`}
          >
            {state.step === 'deleting' ? 'Deleting' : `Yes, delete ${name}`}
          </button>
          <button
            type="button"
            disabled={state.step === 'deleting'}
            className={`${BUTTON} border-line`}
            onClick={() => {
              setToken('');
              setState({ step: 'idle' });
            }}
          >
            No
          </button>
          {state.step === 'confirming' && state.refusal !== null && (
            <p role="alert" className="flex w-full items-center gap-2">
              <StateMark state="fail" /> Not deleted: {state.refusal}
            </p>
          )}
        </form>
      );
    case 'deleted':
      return (
        <p role="status" className="flex items-center gap-2">
          <StateMark state="pass" /> {name} is being deleted. Close this and watch its place.
        </p>
      );
    default:
      return state satisfies never;
  }
}
