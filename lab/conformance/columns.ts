import { describe, expect, test } from 'vitest';
import { at, type Given } from './target.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** As `kubectl get` prints them; those with another type than text say so, those of `-o wide` too. */
const COLUMNS: [path: string, columns: string][] = [
  ['/api/v1/namespaces', 'Name, Status, Age'],
  [
    '/api/v1/nodes',
    'Name, Status, Roles, Age, Version, Internal-IP wide, External-IP wide, OS-Image wide, Kernel-Version wide, Container-Runtime wide',
  ],
  [
    '/api/v1/pods',
    'Name, Ready, Status, Restarts, Age, IP wide, Node wide, Nominated Node wide, Readiness Gates wide',
  ],
  ['/api/v1/services', 'Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector wide'],
  ['/api/v1/endpoints', 'Name, Endpoints, Age'],
  [
    '/api/v1/events',
    'Last Seen, Type, Reason, Object, Subobject wide, Source wide, Message, First Seen wide, Count wide, Name wide',
  ],
  ['/api/v1/configmaps', 'Name, Data, Age'],
  ['/api/v1/secrets', 'Name, Type, Data, Age'],
  ['/api/v1/serviceaccounts', 'Name, Secrets, Age'],
  [
    '/api/v1/persistentvolumeclaims',
    'Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, VolumeMode wide',
  ],
  [
    '/apis/apps/v1/deployments',
    'Name, Ready, Up-to-date, Available, Age, Containers wide, Images wide, Selector wide',
  ],
  [
    '/apis/apps/v1/replicasets',
    'Name, Desired (integer), Current (integer), Ready (integer), Age, Containers wide, Images wide, Selector wide',
  ],
  ['/apis/apps/v1/statefulsets', 'Name, Ready, Age, Containers wide, Images wide'],
  [
    '/apis/apps/v1/daemonsets',
    'Name, Desired (integer), Current (integer), Ready (integer), Up-to-date (integer), Available (integer), Node Selector, Age, Containers wide, Images wide, Selector wide',
  ],
  [
    '/apis/autoscaling/v2/horizontalpodautoscalers',
    'Name, Reference, Targets, MinPods, MaxPods, Replicas, Age',
  ],
  [
    '/apis/batch/v1/jobs',
    'Name, Status, Completions, Duration, Age, Containers wide, Images wide, Selector wide',
  ],
  [
    '/apis/batch/v1/cronjobs',
    'Name, Schedule, Timezone, Suspend (boolean), Active (integer), Last Schedule, Age, Containers wide, Images wide, Selector wide',
  ],
  ['/apis/rbac.authorization.k8s.io/v1/roles', 'Name, Created At (date)'],
  [
    '/apis/rbac.authorization.k8s.io/v1/rolebindings',
    'Name, Role, Age, Users wide, Groups wide, ServiceAccounts wide',
  ],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles', 'Name, Created At (date)'],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    'Name, Role, Age, Users wide, Groups wide, ServiceAccounts wide',
  ],
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', 'Name, Created At (date)'],
  ['/apis/coordination.k8s.io/v1/leases', 'Name, Holder, Age'],
  ['/apis/networking.k8s.io/v1/networkpolicies', 'Name, Pod-Selector, Age'],
  [
    '/apis/policy/v1/poddisruptionbudgets',
    'Name, Min Available, Max Unavailable, Allowed Disruptions (integer), Age',
  ],
  ['/apis/discovery.k8s.io/v1/endpointslices', 'Name, AddressType, Ports, Endpoints, Age'],
  [
    '/apis/events.k8s.io/v1/events',
    'Last Seen, Type, Reason, Object, Subobject wide, Source wide, Message, First Seen wide, Count wide, Name wide',
  ],
];

export function describeColumns(given: Given): void {
  describe('columns of the kinds of Kubernetes itself', () => {
    test.each(COLUMNS)('%s', async (path, columns) => {
      const { body } = await given().admin.call(`${path}?limit=1`, { accept: TABLE });
      const defined = at(body, 'columnDefinitions');
      const shown = (Array.isArray(defined) ? defined : []).map((column) => {
        const type = at(column, 'type') === 'string' ? '' : ` (${at(column, 'type')})`;
        return `${at(column, 'name')}${type}${Number(at(column, 'priority')) > 0 ? ' wide' : ''}`;
      });
      expect(shown.join(', ')).toBe(columns);
    });
  });
}
