import { describe, expect, test } from 'vitest';
import { buildCluster, FORBIDDEN, MISSING } from '../testing/build-cluster';
import { buildCondition, buildMeta } from '../testing/build-objects';
import { gateOf, judged } from '../testing/judge-gate';

describe('cluster-version', () => {
  const running = (version: string, progressing: 'True' | 'False' = 'False') =>
    buildCluster({
      clusterversion: [
        {
          meta: buildMeta({ name: 'version' }),
          history: [
            { state: 'Partial', version: '4.21.0' },
            { state: 'Completed', version },
          ],
          conditions: [buildCondition('Progressing', progressing, null, 'Working towards 4.21.0')],
        },
      ],
    });

  test.each([
    ['4.20.6', 'pass'],
    ['4.21.0', 'pass'],
    ['4.19.18', 'warn'],
    ['4.19.9', 'warn'],
    ['4.19.8', 'fail'],
    ['4.9.30', 'fail'],
  ] as const)('%s is compared by number: %s', (version, status) => {
    expect(gateOf('cluster-version', { cluster: running(version) }).status).toBe(status);
  });

  test('an update under way is told and still progressing', () => {
    expect(judged(gateOf('cluster-version', { cluster: running('4.20.6', 'True') }))).toMatchObject({
      status: 'warn',
      progressing: true,
      finding: 'OpenShift 4.20.6 is running and an update is under way: Working towards 4.21.0.',
    });
  });

  test('without the right to look it is unknown and names the right', () => {
    const gate = gateOf('cluster-version', { cluster: buildCluster({}, { clusterversion: FORBIDDEN }) });
    expect({ status: gate.status, reason: gate.reason, missingRight: gate.missingRight }).toEqual({
      status: 'unknown',
      reason: 'forbidden',
      missingRight: {
        verb: 'list',
        group: 'config.openshift.io',
        resource: 'clusterversions',
        namespace: null,
      },
    });
  });

  test('a cluster that is not OpenShift fails', () => {
    expect(
      gateOf('cluster-version', { cluster: buildCluster({}, { clusterversion: MISSING }) }),
    ).toMatchObject({
      status: 'fail',
      reason: 'not-installed',
    });
  });
});
