import type { KubeNode } from './core';
import { findCondition } from './meta';

export function isNodeReady(node: KubeNode): boolean {
  return findCondition(node.conditions, 'Ready')?.status === 'True';
}

export function instanceTypeOf(node: KubeNode): string | null {
  return node.meta.labels['node.kubernetes.io/instance-type'] ?? null;
}
