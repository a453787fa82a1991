import { type Kind, keyOf } from './kinds.ts';
import { type KubernetesObject, valueAt } from './object.ts';
import { badRequest } from './status.ts';

type Predicate = (object: KubernetesObject) => boolean;

const LABEL_TERM =
  /^\s*(?:(!)\s*([\w./-]+)|([\w./-]+)(?:\s*(==|=|!=)\s*([\w./-]*)|\s+(in|notin)\s*\(([^)]*)\))?)\s*$/;

/** Splits at commas outside parentheses. */
function terms(selector: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of selector) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(current);
      current = '';
    } else current += character;
  }
  return [...parts, current].filter((part) => part.trim() !== '');
}

/** `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
export function parseLabelSelector(selector: string): Predicate {
  const predicates = terms(selector).map((term): ((labels: Record<string, string>) => boolean) => {
    const match = LABEL_TERM.exec(term);
    if (match === null) {
      throw badRequest(
        `unable to parse requirement: found '${term.trim()}', expected: identifier, or operators`,
      );
    }
    const [, negation, absentKey, key = '', operator, value = '', setOperator, values = ''] = match;
    if (negation !== undefined) return (labels) => !((absentKey ?? '') in labels);
    if (setOperator !== undefined) {
      const set = new Set(values.split(',').map((item) => item.trim()));
      return setOperator === 'in'
        ? (labels) => key in labels && set.has(labels[key] ?? '')
        : (labels) => !(key in labels) || !set.has(labels[key] ?? '');
    }
    if (operator === undefined) return (labels) => key in labels;
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  });
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return predicates.every((predicate) => predicate(labels));
  };
}

const text = (value: unknown, otherwise = ''): string =>
  value === undefined || value === null ? otherwise : String(value);

const EVENT_FIELDS: Record<string, (object: KubernetesObject) => string> = {
  ...Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
      `involvedObject.${field}`,
      (object: KubernetesObject) => text(valueAt(object, 'involvedObject', field)),
    ]),
  ),
  reason: (object) => text(valueAt(object, 'reason')),
  reportingComponent: (object) => text(valueAt(object, 'reportingComponent')),
  source: (object) => text(valueAt(object, 'source', 'component') ?? valueAt(object, 'reportingComponent')),
  type: (object) => text(valueAt(object, 'type')),
};

/** Field labels beyond metadata.name and metadata.namespace, by KindKey. */
const FIELDS: Record<string, Record<string, (object: KubernetesObject) => string>> = {
  pods: {
    'spec.nodeName': (object) => text(valueAt(object, 'spec', 'nodeName')),
    'spec.restartPolicy': (object) => text(valueAt(object, 'spec', 'restartPolicy')),
    'spec.schedulerName': (object) => text(valueAt(object, 'spec', 'schedulerName')),
    'spec.serviceAccountName': (object) => text(valueAt(object, 'spec', 'serviceAccountName')),
    'spec.hostNetwork': (object) => text(valueAt(object, 'spec', 'hostNetwork'), 'false'),
    'status.phase': (object) => text(valueAt(object, 'status', 'phase')),
    'status.podIP': (object) => text(valueAt(object, 'status', 'podIP')),
    'status.nominatedNodeName': (object) => text(valueAt(object, 'status', 'nominatedNodeName')),
  },
  nodes: { 'spec.unschedulable': (object) => text(valueAt(object, 'spec', 'unschedulable'), 'false') },
  events: EVENT_FIELDS,
  namespaces: { 'status.phase': (object) => text(valueAt(object, 'status', 'phase')) },
  secrets: { type: (object) => text(valueAt(object, 'type')) },
  'jobs.batch': { 'status.successful': (object) => text(valueAt(object, 'status', 'succeeded'), '0') },
  'replicasets.apps': { 'status.replicas': (object) => text(valueAt(object, 'status', 'replicas'), '0') },
  services: {
    'spec.clusterIP': (object) => text(valueAt(object, 'spec', 'clusterIP')),
    'spec.type': (object) => text(valueAt(object, 'spec', 'type')),
  },
  'routes.route.openshift.io': {
    'spec.host': (object) => text(valueAt(object, 'spec', 'host')),
    'spec.path': (object) => text(valueAt(object, 'spec', 'path')),
    'spec.to.name': (object) => text(valueAt(object, 'spec', 'to', 'name')),
  },
};

/** Kinds without fields of their own to select by have a refusal of their own. */
function unknownField(kind: Kind, field: string): string {
  return kind.origin === 'custom-resource' || FIELDS[keyOf(kind)] !== undefined
    ? `field label not supported: ${field}`
    : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** `field=value`, `field==value`, `field!=value`, joined by commas. */
export function parseFieldSelector(kind: Kind, selector: string): Predicate {
  const predicates = selector
    .split(',')
    .filter((term) => term.trim() !== '')
    .map((term): Predicate => {
      const match = /^\s*([\w.]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(term);
      if (match === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
      const [, field = '', operator, value = ''] = match;
      const read =
        field === 'metadata.name'
          ? (object: KubernetesObject) => object.metadata.name
          : field === 'metadata.namespace'
            ? (object: KubernetesObject) => object.metadata.namespace ?? ''
            : FIELDS[keyOf(kind)]?.[field];
      if (read === undefined) throw badRequest(unknownField(kind, field));
      return operator === '!=' ? (object) => read(object) !== value : (object) => read(object) === value;
    });
  return (object) => predicates.every((predicate) => predicate(object));
}

/** The name that a field selector pins, if it does: authorization by resource name depends on it. */
export function nameInFieldSelector(selector: string): string | undefined {
  return /(?:^|,)\s*metadata\.name\s*==?\s*([^,\s]+)/.exec(selector)?.[1];
}

export function matchesLabels(labels: Record<string, string> | undefined, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return false;
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}
