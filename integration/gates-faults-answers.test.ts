import { describe } from 'vitest';
import { FAULTS, type FaultName } from '../lab/faults/faults';
import { isOfAnswers, testFaultsInTurn } from './faults-and-gates';

describe('faults of the engines’ answers', () => {
  testFaultsInTurn((Object.keys(FAULTS) as FaultName[]).filter(isOfAnswers));
});
