import { describe } from 'vitest';
import { FAULTS, type FaultName } from '../lab/faults/faults';
import { isOfAnswers, silencesCluster, testFaultsApart, testFaultsInTurn } from './faults-and-gates';

/** Pods and events of the scene are others after these. */
const LEAVE_TRACES: readonly FaultName[] = ['crd-deleted', 'pod-killed', 'node-lost'];

describe('faults of the cluster, of its ingress and of the metrics', () => {
  testFaultsInTurn(
    (Object.keys(FAULTS) as FaultName[]).filter(
      (name) => !isOfAnswers(name) && !silencesCluster(name) && !LEAVE_TRACES.includes(name),
    ),
  );
});

describe('faults that leave traces', () => {
  testFaultsApart(LEAVE_TRACES);
});
