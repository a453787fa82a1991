/** Create and update, with the rules of the API server around them. */

import type { User } from './access.ts';
import { type AdmissionMode, admitBySchema } from './admission.ts';
import { type Manager, recordUpdate } from './apply.ts';
import { withDefaults, withDefaultsOnUpdate } from './built-in-defaults.ts';
import type { ApiContext } from './context.ts';
import { checkDefinition, DEFINITIONS, established } from './definitions.ts';
import { putOrFinish } from './deletion.ts';
import { checkGrant, checkRoleReference } from './escalation.ts';
import { initialFields, initialLabels } from './initial-state.ts';
import { unversionedUpdate } from './invalid.ts';
import { apiVersionOf, type Kind, keyOf } from './kinds.ts';
import { BUILT_IN_LISTS, listRulesOf } from './list-keys.ts';
import { checkFinalizers, checkLabels, claimName } from './names.ts';
import { isEqualJson, isRecord, type KubernetesObject, type ObjectMeta, toTimestamp } from './object.ts';
import { badRequest, conflict, notFound } from './status.ts';

/** Where a write goes and on whose behalf. */
export interface WriteTarget {
  kind: Kind;
  version: string;
  namespace: string | undefined;
  /** Only `status` is written apart; undefined is the main endpoint. */
  subresource: 'status' | undefined;
  fieldManager: string;
  dryRun: boolean;
  admission: AdmissionMode;
  user: User;
}

/** Built-in kinds whose objects carry `metadata.generation`. */
const BUILT_IN_WITH_GENERATION = new Set([
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'endpointslices.discovery.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
]);

function hasGeneration(kind: Kind): boolean {
  return kind.origin === 'custom-resource' || BUILT_IN_WITH_GENERATION.has(keyOf(kind));
}

/** What `metadata.generation` counts: everything but metadata and, where it is apart, status. */
function desiredState(kind: Kind, object: KubernetesObject): Record<string, unknown> {
  const { metadata: _metadata, status, apiVersion: _version, ...rest } = object;
  return kind.subresources.includes('status') || status === undefined ? rest : { ...rest, status };
}

export function managerOf(
  context: ApiContext,
  target: WriteTarget,
  operation: Manager['operation'],
): Manager {
  return {
    name: target.fieldManager,
    operation,
    apiVersion: apiVersionOf(target.kind, target.version),
    time: toTimestamp(context.clock.nowMs()),
    subresource: target.subresource,
    lists: target.kind.definition === undefined ? BUILT_IN_LISTS : listRulesOf(target.kind.definition.schema),
    isCustomResource: target.kind.origin === 'custom-resource',
  };
}

const unrecognized = (kind: Kind, why: string): string =>
  `the object provided is unrecognized (must be of type ${kind.kind}): ${why}`;

export function parseObject(kind: Kind, version: string, body: unknown): KubernetesObject {
  if (!isRecord(body))
    throw badRequest(
      unrecognized(kind, "couldn't get version/kind; json parse error: json: cannot unmarshal into Go value"),
    );
  const expected = apiVersionOf(kind, version);
  if (kind.origin === 'custom-resource' && body.kind === undefined) {
    const text = JSON.stringify(body);
    throw badRequest(unrecognized(kind, `Object 'Kind' is missing in '${text}' (${text})`));
  }
  if (kind.origin === 'custom-resource' && body.apiVersion !== undefined && body.apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  const isOther = body.kind !== undefined && body.kind !== kind.kind;
  if (isOther || (body.apiVersion !== undefined && body.apiVersion !== expected)) {
    const [given = ''] = String(body.apiVersion ?? version)
      .split('/')
      .slice(-1);
    const what = String(body.kind ?? kind.kind);
    const internal = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '');
    throw badRequest(
      `${what} in version "${given}" cannot be handled as a ${kind.kind}: converting (${given}.${what}) to (${internal}.${kind.kind}): unknown conversion`,
    );
  }
  const metadata = (isRecord(body.metadata) ? body.metadata : {}) as Partial<ObjectMeta>;
  return {
    ...body,
    apiVersion: expected,
    kind: kind.kind,
    metadata: { ...metadata, name: metadata.name ?? '' },
  };
}

function inStoredVersion(kind: Kind, object: KubernetesObject): KubernetesObject {
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
}

/** The object as it would be created, complete but not stored. */
export function prepareObject(context: ApiContext, target: WriteTarget, body: unknown): KubernetesObject {
  const { clock, identifiers } = context;
  const { kind, version, namespace, admission } = target;
  const object = admitBySchema(
    kind,
    version,
    withDefaults(kind, parseObject(kind, version, body)),
    admission,
  );
  const name = claimName(context, kind, namespace, object);
  checkLabels(kind, name, object);
  const { status, ...withoutStatus } = object;
  const { resourceVersion: _version, ...givenMetadata } = object.metadata;
  const labels = { ...givenMetadata.labels, ...initialLabels(kind, name) };
  const created: KubernetesObject = {
    ...withoutStatus,
    ...(kind.subresources.includes('status') || status === undefined ? {} : { status }),
    ...initialFields(kind, status),
    metadata: {
      ...givenMetadata,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: identifiers.uid(),
      creationTimestamp: toTimestamp(clock.nowMs()),
      ...(hasGeneration(kind) ? { generation: 1 } : {}),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
    },
  };
  checkGrant(context, target.user, kind, created);
  if (keyOf(kind) === DEFINITIONS) checkDefinition(kind, created);
  const complete = keyOf(kind) === DEFINITIONS ? established(created, toTimestamp(clock.nowMs())) : created;
  return context.webhooks(kind, inStoredVersion(kind, complete));
}

export function createObject(context: ApiContext, target: WriteTarget, body: unknown): KubernetesObject {
  const created = prepareObject(context, target, body);
  const recorded = recordUpdate(null, created, managerOf(context, target, 'Update'));
  return target.dryRun ? recorded : context.store.put(target.kind, recorded);
}

/** The parts of metadata that no client may change. */
function keepIdentity(current: KubernetesObject, next: KubernetesObject): ObjectMeta {
  const {
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    uid,
    creationTimestamp,
    name,
    namespace,
    generateName,
  } = current.metadata;
  const {
    deletionTimestamp: _a,
    deletionGracePeriodSeconds: _b,
    generation: _c,
    uid: _d,
    creationTimestamp: _e,
    namespace: _f,
    generateName: _g,
    ...changeable
  } = next.metadata;
  return {
    ...changeable,
    name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(generation === undefined ? {} : { generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
  };
}

/** Where a real API server would keep the object. */
function storageKey(kind: Kind, { metadata: { namespace, name } }: KubernetesObject): string {
  const group = kind.origin === 'custom-resource' ? [kind.group] : [];
  return ['/registry', ...group, kind.plural, ...(namespace === undefined ? [] : [namespace]), name].join(
    '/',
  );
}

function checkPreconditions(kind: Kind, current: KubernetesObject, next: KubernetesObject): void {
  const { name } = current.metadata;
  const { resourceVersion, uid } = next.metadata;
  if (next.metadata.name !== '' && next.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${next.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (uid !== undefined && uid !== current.metadata.uid) {
    throw conflict(
      kind,
      name,
      `StorageError: invalid object, Code: 4, Key: ${storageKey(kind, current)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
    );
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== current.metadata.resourceVersion
  ) {
    throw conflict(kind, name);
  }
}

/** Combines a client's new state with what is stored, by endpoint, and stores it. */
export function storeUpdate(
  context: ApiContext,
  target: WriteTarget,
  current: KubernetesObject,
  next: KubernetesObject,
  record: (state: KubernetesObject) => KubernetesObject,
): KubernetesObject {
  const { kind, subresource } = target;
  checkPreconditions(kind, current, next);
  const metadata = keepIdentity(current, next);
  let merged: KubernetesObject;
  if (subresource === 'status') {
    merged = { ...current, ...(next.status === undefined ? {} : { status: next.status }) };
  } else if (kind.subresources.includes('status')) {
    const { status: _status, ...rest } = next;
    merged = {
      ...rest,
      ...(current.status === undefined ? {} : { status: current.status }),
      metadata,
    } as KubernetesObject;
  } else merged = { ...next, metadata };
  merged = inStoredVersion(
    kind,
    admitBySchema(kind, target.version, withDefaultsOnUpdate(kind, current, merged), target.admission),
  );
  checkLabels(kind, current.metadata.name, merged);
  checkFinalizers(kind, current, merged);
  if (subresource === undefined) {
    checkRoleReference(kind, current, merged);
    checkGrant(context, target.user, kind, merged, current);
    merged = context.webhooks(kind, merged);
  }
  const isChangeOfDesire = !isEqualJson(desiredState(kind, current), desiredState(kind, merged));
  if (isChangeOfDesire && current.metadata.generation !== undefined) {
    merged = { ...merged, metadata: { ...merged.metadata, generation: current.metadata.generation + 1 } };
  }
  const recorded = record(merged);
  return target.dryRun ? recorded : putOrFinish(context.store, kind, recorded);
}

export function updateObject(
  context: ApiContext,
  target: WriteTarget,
  name: string,
  body: unknown,
): KubernetesObject {
  const { kind, version, namespace } = target;
  const current = context.store.get(keyOf(kind), namespace, name);
  const next = parseObject(kind, version, body);
  if (current === undefined) throw notFound(kind, name);
  if (kind.origin === 'custom-resource' && (next.metadata.resourceVersion ?? '') === '') {
    throw unversionedUpdate(kind, name);
  }
  const manager = managerOf(context, target, 'Update');
  return storeUpdate(context, target, current, next, (state) => recordUpdate(current, state, manager));
}
