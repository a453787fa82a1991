'use client';

import { useEffect, useState } from 'react';
import { applyPodLogEvent, EMPTY_POD_LOG, openPodLog, type PodLog } from './pod-log';

/** The log of a pod, followed while the component is there. */
export function usePodLog(uid: string): PodLog {
  const [log, setLog] = useState<{ uid: string; log: PodLog }>({ uid, log: EMPTY_POD_LOG });
  useEffect(() => {
    const leaving = new AbortController();
    const follow = async (): Promise<void> => {
      for await (const event of openPodLog(uid, leaving.signal)) {
        setLog((before) => ({
          uid,
          log: applyPodLogEvent(before.uid === uid ? before.log : EMPTY_POD_LOG, event),
        }));
      }
    };
    void follow();
    return () => {
      leaving.abort();
      setLog({ uid, log: EMPTY_POD_LOG });
    };
  }, [uid]);
  return log.uid === uid ? log.log : EMPTY_POD_LOG;
}
