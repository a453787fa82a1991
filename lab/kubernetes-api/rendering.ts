/** Objects as clients see them: in the requested version, as Table rows, or as metadata only. */
import { ageOf } from './duration.ts';
import { toEventsV1 } from './event-view.ts';
import { jsonPath } from './json-path.ts';
import { apiVersionOf, type Cell, type Column, type Kind } from './kinds.ts';
import type { KubernetesObject } from './object.ts';

export type IncludeObject = 'Metadata' | 'Object' | 'None';

function cellOf(column: Column, object: KubernetesObject, nowMs: number): Cell {
  if (typeof column.value === 'function') return column.value(object, nowMs);
  const [first] = jsonPath(object, column.value);
  if (first === undefined || first === null) return null;
  if (column.type === 'date' && column.format !== 'date-time') return ageOf(first, nowMs);
  if (column.type === 'integer' || column.type === 'number' || column.type === 'boolean')
    return first as Cell;
  return typeof first === 'object' ? JSON.stringify(first) : String(first);
}

/** In the version asked for. Versions of a kind differ in name only; the two event APIs differ in shape. */
export function inVersion(kind: Kind, version: string, object: KubernetesObject): KubernetesObject {
  if (kind.group === 'events.k8s.io') return toEventsV1(object);
  const apiVersion = apiVersionOf(kind, version);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

export function partialMetadata(object: KubernetesObject): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

export interface TableOptions {
  kind: Kind;
  version: string;
  objects: KubernetesObject[];
  metadata: Record<string, unknown>;
  includeObject: IncludeObject;
  withColumns: boolean;
  nowMs: number;
}

export function toTable(options: TableOptions): Record<string, unknown> {
  const { kind, version, objects, includeObject, nowMs } = options;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: options.withColumns
      ? kind.columns.map(({ name, type, format = '', description, priority }) => ({
          name,
          type: format === 'date-time' ? 'date' : type,
          format: format === 'date-time' ? '' : format,
          description,
          priority,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: kind.columns.map((column) => cellOf(column, object, nowMs)),
      ...(includeObject === 'None'
        ? {}
        : {
            object: includeObject === 'Object' ? inVersion(kind, version, object) : partialMetadata(object),
          }),
    })),
  };
}

/** Items of built-in kinds carry no apiVersion and kind inside a list. */
export function toListItem(kind: Kind, version: string, object: KubernetesObject): unknown {
  const shown = inVersion(kind, version, object);
  if (kind.origin === 'custom-resource') return shown;
  const { apiVersion: _version, kind: _kind, ...item } = shown;
  return item;
}
