import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesConfig } from '../config';
import { KubernetesError } from './errors';
import { locateKubeConfig } from './locate-kubeconfig';
import { kubeconfigText } from './testing/kubeconfig-file';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function locate(config: Partial<KubernetesConfig>) {
  const all = { kubeconfigFiles: [], context: null, homeDirectory: null, inCluster: null, ...config };
  const { kubeConfig, source, whereabouts } = locateKubeConfig(all, join(folder, 'serviceaccount'));
  return {
    server: kubeConfig.getCurrentCluster()?.server,
    user: kubeConfig.getCurrentUser(),
    source,
    whereabouts,
  };
}

/** What is said aloud, and what only the log is told. */
function problemOf(config: Partial<KubernetesConfig>): [message: string, whereabouts: string | null] {
  try {
    locate(config);
  } catch (error) {
    if (error instanceof KubernetesError && error.kind === 'not-configured') {
      return [error.message, error.whereabouts];
    }
    throw error;
  }
  return ['none', null];
}

describe('locateKubeConfig', () => {
  it('merges the files of KUBECONFIG, the first to name a thing winning', () => {
    const first = write('first', kubeconfigText({ name: 'a', server: 'https://first', current: 'a' }));
    const second = write('second', kubeconfigText({ name: 'a', server: 'https://second', current: 'b' }));
    const third = write('third', kubeconfigText({ name: 'b', server: 'https://third' }));
    const kubeconfigFiles = [first, join(folder, 'missing'), second, third];
    expect(locate({ kubeconfigFiles })).toMatchObject({
      server: 'https://first',
      source: 'KUBECONFIG, context a',
      whereabouts: `KUBECONFIG (${first}, ${second}, ${third}), context a`,
    });
    expect(locate({ kubeconfigFiles, context: 'b' })).toMatchObject({ server: 'https://third' });
  });

  it('prefers KUBECONFIG to the home directory, and both to the pod', () => {
    const own = write('.kube/config', kubeconfigText({ name: 'own', server: 'https://own', current: 'own' }));
    const named = write(
      'named',
      kubeconfigText({ name: 'named', server: 'https://named', current: 'named' }),
    );
    write('serviceaccount/token', 'abc');
    const inCluster = { host: '172.30.0.1', port: '443' };
    const homeDirectory = folder;
    expect(locate({ kubeconfigFiles: [named], homeDirectory, inCluster }).server).toBe('https://named');
    expect(locate({ homeDirectory, inCluster })).toMatchObject({
      server: 'https://own',
      source: 'home directory, context own',
      whereabouts: `home directory (${own}), context own`,
    });
    expect(locate({ inCluster })).toMatchObject({
      server: 'https://172.30.0.1:443',
      source: "the pod's service account",
    });
  });

  it('puts an IPv6 address of the pod’s API server in brackets', () => {
    write('serviceaccount/token', 'abc');
    expect(locate({ inCluster: { host: 'fd00::1', port: '6443' } }).server).toBe('https://[fd00::1]:6443');
  });

  it('never falls back to localhost', () => {
    expect(problemOf({})).toEqual([
      'No cluster is configured: KUBECONFIG is not set, there is no ~/.kube/config, and this is not a pod.',
      null,
    ]);
    expect(problemOf({ inCluster: { host: '172.30.0.1', port: '443' } })[0]).toMatch(
      /^No cluster is configured/,
    );
    expect(problemOf({ kubeconfigFiles: [join(folder, 'missing')] })).toEqual([
      'No cluster is configured: KUBECONFIG names no file that exists.',
      join(folder, 'missing'),
    ]);
  });

  it('says that the wanted context is missing, and to the log which there are', () => {
    const path = write('config', kubeconfigText({ name: 'a', server: 'https://a' }));
    expect(problemOf({ kubeconfigFiles: [path], context: 'stage' })).toEqual([
      'The context that KUBE_CONTEXT names is not in the kubeconfig.',
      `${path}; context stage; known: a`,
    ]);
    expect(problemOf({ kubeconfigFiles: [path] })).toEqual([
      'The kubeconfig has no current context; name one in KUBE_CONTEXT.',
      `${path}; context none; known: a`,
    ]);
  });

  it('does not quote a file it cannot read', () => {
    const path = write('config', 'users: [canary');
    expect(problemOf({ kubeconfigFiles: [path] })).toEqual(['The kubeconfig cannot be read.', path]);
  });

  it('keeps a context named after the API’s address and the user, as oc login names them, for the log', () => {
    const name = 'private-ai/api-demo-example-com:6443/kube:admin';
    const path = write(
      'config',
      kubeconfigText({ name, server: 'https://api.demo.example.com:6443', current: name }),
    );
    expect(locate({ kubeconfigFiles: [path] })).toMatchObject({
      source: 'KUBECONFIG',
      whereabouts: `KUBECONFIG (${path}), context ${name}`,
    });
  });
});
