import { type Kind, keyOf } from './kinds.ts';
import { isRecord } from './object.ts';

/** What a Node has before its kubelet reports: only what Go's zero values come to. */
const SILENT_NODE = {
  daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
  nodeInfo: {
    architecture: '',
    bootID: '',
    containerRuntimeVersion: '',
    kernelVersion: '',
    kubeProxyVersion: '',
    kubeletVersion: '',
    machineID: '',
    operatingSystem: '',
    osImage: '',
    systemUUID: '',
  },
};

/** What the API server sets on objects that begin life with a status. A kubelet registers its Node with one, so that is kept. */
export function initialFields(kind: Kind, givenStatus: unknown): Record<string, unknown> {
  switch (keyOf(kind)) {
    case 'namespaces':
      return { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
    case 'pods':
      return { status: { phase: 'Pending', qosClass: 'BestEffort' } };
    case 'nodes':
      return { status: { ...SILENT_NODE, ...(isRecord(givenStatus) ? givenStatus : {}) } };
    default:
      return {};
  }
}

export function initialLabels(kind: Kind, name: string): Record<string, string> {
  return keyOf(kind) === 'namespaces' ? { 'kubernetes.io/metadata.name': name } : {};
}
