/** Faults of the Kubernetes API server itself. */
import { kindOf } from '../kubernetes-api/catalogue.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import { RBAC_GROUP } from '../kubernetes-api/rbac.ts';
import { DASHBOARD } from '../world/platform/access.ts';
import type { Fault } from './fault.ts';

const SLOW_LIST_MS = 8000;
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
const DELETED_KIND = 'llminferenceservices.serving.kserve.io';

export const apiRestart: Fault = {
  description: 'the API server goes away, and comes back on its port with its history compacted',
  start: async ({ world, stopApi, startApi }) => {
    await stopApi();
    world.store.compact();
    return startApi;
  },
};

export const apiStalled: Fault = {
  description: 'connections to the API server stay open, and nothing comes through (no FIN)',
  start: ({ stallApi, resumeApi }) => {
    stallApi();
    return resumeApi;
  },
};

export const historyCompacted: Fault = {
  description: 'the history of changes is compacted: older versions answer 410, watches that run go on',
  start: ({ world }) => {
    world.store.compact();
    return () => {};
  },
};

export const slowList: Fault = {
  description: `lists wait ${SLOW_LIST_MS / 1000} seconds`,
  start: ({ api }) => {
    api.slowListMs = SLOW_LIST_MS;
    return () => {
      api.slowListMs = 0;
    };
  },
};

export const tooManyRequests: Fault = {
  description: 'every request is sent away with 429 and Retry-After: 1',
  start: ({ api }) => {
    api.isBusy = true;
    return () => {
      api.isBusy = false;
    };
  },
};

export const serverErrors: Fault = {
  description: 'every request fails with 500, as while etcd changes its leader',
  start: ({ api }) => {
    api.isFailing = true;
    return () => {
      api.isFailing = false;
    };
  },
};

export const rightsRevoked: Fault = {
  description: 'the reader (context lab-reader) loses its binding: 403 for all it asks',
  start: ({ world }) => {
    const kind = kindOf(`clusterrolebindings.${RBAC_GROUP}`);
    const removed = world.store.remove(kind, undefined, DASHBOARD);
    return () => {
      if (removed !== undefined) world.store.put(kind, removed);
    };
  },
};

export const tokenRotated: Fault = {
  description: 'tokens are refused (401); once it is over, the kubeconfig has new ones',
  start: ({ revokeTokens, renewTokens }) => {
    revokeTokens();
    return renewTokens;
  },
};

export const authorityRotated: Fault = {
  description:
    'the API server shows a certificate of another authority; once it is over, the kubeconfig knows it',
  start: ({ changeAuthority, publishAuthority }) => {
    changeAuthority();
    return publishAuthority;
  },
};

export const definitionDeleted: Fault = {
  description: 'the definition of LLMInferenceService is deleted, with every service; then both come back',
  start: ({ world: { store } }) => {
    const services = kindOf(DELETED_KIND);
    const definitions = kindOf(DEFINITIONS);
    const lost = store.list(keyOf(services));
    for (const { metadata } of lost) store.remove(services, metadata.namespace, metadata.name);
    const definition = store.remove(definitions, undefined, DELETED_KIND);
    return () => {
      if (definition !== undefined) store.put(definitions, definition);
      for (const service of lost) store.put(services, service);
    };
  },
};
