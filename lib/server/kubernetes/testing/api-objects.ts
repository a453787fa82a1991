/** Objects and answers as an API server writes them, with only what a test cares about. */

export interface TestObject {
  metadata: { uid: string; name: string; namespace: string; resourceVersion: string };
  spec: { note: string };
}

/** An object named `name`; its uid is `uid-<name>` unless given. */
export function anObject(
  name: string,
  resourceVersion: string,
  { uid = `uid-${name}`, note = '' }: { uid?: string; note?: string } = {},
): TestObject {
  return { metadata: { uid, name, namespace: 'demo', resourceVersion }, spec: { note } };
}

export function aList(
  resourceVersion: string,
  items: unknown[],
  metadata: Record<string, unknown> = {},
): unknown {
  return { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion, ...metadata }, items };
}

export function aBookmark(resourceVersion: string): unknown {
  return { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion } };
}

export function aStatus(code: number, reason: string, details: Record<string, unknown> = {}): unknown {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: reason,
    reason,
    details,
    code,
  };
}
