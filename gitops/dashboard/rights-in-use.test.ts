import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import type { KubernetesObject } from '@/lab/kubernetes-api/object';
import { type Lab, startLab } from '@/lab/lab';
import type { ResourceId } from '@/lib/domain/objects';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { parseConfig } from '@/lib/server/config';
import { type ClusterReader, createClusterReader } from '@/lib/server/kubernetes/cluster-reader';
import {
  discoveredGroupVersions,
  explainedKinds,
  resourceDefinitions,
} from '@/lib/server/kubernetes/resources';
import { createRuntime } from '@/lib/server/runtime';
import { hasKubectl, type Manifest, render } from '../testing/render';
import { renderWith } from '../testing/render-component';
import { type Read, readsOf } from './rights';

const DEFINITIONS = resourceDefinitions(DEFAULT_SETTINGS);
const READS = readsOf(DEFINITIONS);
/** The account of the lab's second context; the manifests' bindings are given to it. */
const LAB_ACCOUNT = { kind: 'ServiceAccount', name: 'demo-dashboard', namespace: 'private-ai' };
const ROLE_KINDS = ['clusterroles.rbac.authorization.k8s.io', 'roles.rbac.authorization.k8s.io'];

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
}

interface Role extends KubernetesObject {
  rules: Rule[];
}

function isCovered({ group, resource, name, namespace }: Read, roles: readonly Role[]): boolean {
  return roles.some(
    ({ metadata, rules }) =>
      (metadata.namespace === undefined || metadata.namespace === namespace) &&
      rules.some(
        (rule) =>
          rule.apiGroups.includes(group) &&
          rule.resources.includes(resource) &&
          (rule.resourceNames === undefined || (name !== null && rule.resourceNames.includes(name))),
      ),
  );
}

describe.skipIf(!hasKubectl)(
  'with the rights of the manifests, in a lab that evaluates them (needs kubectl)',
  () => {
    let lab: Lab;
    let folder: string;
    let environment: Record<string, string>;

    const kubectl = (...args: string[]): Promise<void> =>
      new Promise((resolve, reject) => {
        execFile(
          'kubectl',
          ['--kubeconfig', join(folder, 'kubeconfig'), ...args],
          (error, _stdout, stderr) => (error === null ? resolve() : reject(new Error(stderr))),
        );
      });

    /** Gives the rights of these manifests to the lab's account. */
    async function bind(manifests: readonly Manifest[]): Promise<void> {
      const ours = manifests
        .filter(({ apiVersion }) => apiVersion === 'rbac.authorization.k8s.io/v1')
        .map((manifest) =>
          manifest.subjects === undefined ? manifest : { ...manifest, subjects: [LAB_ACCOUNT] },
        );
      const file = join(folder, 'rbac.yaml');
      writeFileSync(file, ours.map((manifest) => stringify(manifest)).join('---\n'));
      await kubectl('apply', '--server-side', '-f', file);
    }

    beforeAll(async () => {
      lab = await startLab({ timeFactor: 0.001 });
      folder = mkdtempSync(join(tmpdir(), 'llm-d-live-rights-'));
      const kubeconfig = join(folder, 'kubeconfig');
      writeFileSync(kubeconfig, lab.kubeconfig);
      writeFileSync(join(folder, 'ca.crt'), lab.authorityPem);
      await kubectl('delete', 'clusterrolebinding', 'demo-dashboard');
      await bind(render('dashboard/overlays/open'));
      environment = {
        KUBECONFIG: kubeconfig,
        KUBE_CONTEXT: 'lab-reader',
        LOG_LEVEL: 'silent',
        PROMETHEUS_URL: lab.urls.prometheus,
        INGRESS_CONNECT_TO: lab.connectTo,
        MODEL_CA_FILE: join(folder, 'ca.crt'),
      };
    });
    afterAll(async () => {
      await lab.stop();
      rmSync(folder, { recursive: true });
    });

    const readFile = (path: string): string => readFileSync(path, 'utf8');

    function ourRoles(): Role[] {
      return ROLE_KINDS.flatMap((kind) => lab.world.cluster.list<Role>(kind)).filter(({ metadata }) =>
        metadata.name.startsWith('llm-d-live'),
      );
    }

    function setRules(role: Role, rules: Rule[]): void {
      const kind = role.metadata.namespace === undefined ? 'clusterroles' : 'roles';
      lab.world.cluster.update<Role>(`${kind}.rbac.authorization.k8s.io`, role, (draft) => {
        draft.rules = rules;
      });
    }

    /** What a reader that starts now may not see. */
    async function forbiddenReads(): Promise<ResourceId[]> {
      const reader: ClusterReader = createClusterReader({
        config: parseConfig(environment, readFile),
        definitions: DEFINITIONS,
        discoveredGroupVersions,
        explainedKinds,
      });
      try {
        const stateOf = (id: ResourceId) => reader.snapshot().resources[id].state;
        await vi.waitFor(() => expect(READS.filter(({ id }) => stateOf(id) === 'syncing')).toEqual([]), {
          timeout: 20_000,
          interval: 50,
        });
        return READS.map(({ id }) => id).filter((id) => stateOf(id) === 'forbidden');
      } finally {
        await reader.stop();
      }
    }

    test('nothing is hidden, and no gate complains of a missing right', { timeout: 60_000 }, async () => {
      expect(await forbiddenReads()).toEqual([]);
      const runtime = createRuntime(parseConfig(environment, readFile));
      try {
        await vi.waitFor(
          () => {
            const { verdict, gates } = runtime.hub.current().checklist;
            expect(
              gates.filter(({ missingRight, reason }) => missingRight !== null || reason === 'forbidden'),
            ).toEqual([]);
            expect(verdict).toBe('go');
          },
          { timeout: 40_000, interval: 200 },
        );
      } finally {
        await runtime.shutdown(0);
      }
    });

    test('each rule is needed: without it exactly its reads are hidden', { timeout: 180_000 }, async () => {
      for (const role of ourRoles()) {
        for (const [index, removed] of role.rules.entries()) {
          setRules(role, role.rules.toSpliced(index, 1));
          const roles = ourRoles();
          const expected = READS.filter((read) => !isCovered(read, roles)).map(({ id }) => id);
          expect(await forbiddenReads(), JSON.stringify(removed)).toEqual(expected);
        }
        setRules(role, role.rules);
      }
      expect(await forbiddenReads()).toEqual([]);
    });

    test('a gate whose right is taken away names that right, and no other gate complains', {
      timeout: 60_000,
    }, async () => {
      const role = ourRoles().find(({ metadata }) => metadata.namespace === 'openshift-ingress');
      if (role === undefined) throw new Error('there is no role in openshift-ingress');
      setRules(
        role,
        role.rules.filter(({ resources }) => !resources.includes('gateways')),
      );
      const runtime = createRuntime(parseConfig(environment, readFile));
      try {
        await vi.waitFor(
          () => {
            const { gates } = runtime.hub.current().checklist;
            const complaints = gates.filter(({ missingRight }) => missingRight !== null);
            expect(complaints.map(({ id, status, missingRight }) => ({ id, status, missingRight }))).toEqual([
              {
                id: 'inference-gateway-object',
                status: 'unknown',
                missingRight: {
                  verb: 'list',
                  group: 'gateway.networking.k8s.io',
                  resource: 'gateways',
                  namespace: 'openshift-ingress',
                },
              },
            ]);
            expect(gates.filter(({ reason }) => reason === 'syncing')).toEqual([]);
          },
          { timeout: 40_000, interval: 200 },
        );
      } finally {
        await runtime.shutdown(0);
        setRules(role, role.rules);
      }
    });

    /** The status of one request with the token of the dashboard's account. */
    async function ask(method: 'GET' | 'DELETE', path: string): Promise<number> {
      const dispatcher = new Agent({ connect: { ca: lab.authorityPem } });
      const { statusCode, body } = await request(new URL(path, lab.urls.kubernetes), {
        method,
        headers: { authorization: `Bearer ${lab.tokens.reader}` },
        dispatcher,
      });
      await body.dump();
      await dispatcher.close();
      return statusCode;
    }

    test('secrets, exec, and whatever the document does not list are refused', async () => {
      const pod = '/api/v1/namespaces/private-ai/pods/mistral-3-int4-predictor-dsgkf2dt82-cgsdk';
      expect(await ask('GET', '/api/v1/namespaces/private-ai/pods')).toBe(200);
      for (const [method, path] of [
        ['GET', '/api/v1/namespaces/private-ai/secrets'],
        ['GET', '/api/v1/namespaces/private-ai/configmaps'],
        ['GET', '/api/v1/namespaces/kube-system/events'],
        ['GET', `${pod}/log`],
        ['DELETE', pod],
        ['GET', '/apis/batch/v1/namespaces/private-ai/cronjobs'],
        ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
      ] as const) {
        expect(await ask(method, path), `${method} ${path}`).toBe(403);
      }
    });

    test('the queue’s order is readable with component kueue-visibility only, and of that queue only', async () => {
      const order = (queue: string): string =>
        `/apis/visibility.kueue.x-k8s.io/v1beta1/namespaces/private-ai/localqueues/${queue}/pendingworkloads`;
      expect(await ask('GET', order('default'))).toBe(403);
      await bind(renderWith('dashboard/base', ['dashboard/components/kueue-visibility']));
      expect(await ask('GET', order('default'))).toBe(200);
      expect(await ask('GET', order('another'))).toBe(403);
    });
  },
);
