import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Lab, startLab } from '@/lab/lab';
import { customResourceDefinitions } from '@/lab/world/platform/definitions';
import { everyManifest } from './testing/every-manifest';
import { hasKubectl, type Manifest } from './testing/render';

/** What a component asks for beyond the demo's platform, and the lab's scene does not have. */
const ALSO_INSTALLED = customResourceDefinitions(['service-mesh', 'custom-metrics-autoscaler']);

/** Namespaces are not made by a dry run, and objects go into none that is missing. */
function namespacesOf(manifests: readonly Manifest[]): Manifest[] {
  const names = new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []));
  return [...names].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

describe.skipIf(!hasKubectl)('every object of every kustomization (needs kubectl)', () => {
  const manifests = hasKubectl ? everyManifest() : [];
  const folders = [...new Set(manifests.map(({ from }) => from))];
  let lab: Lab;
  let folder: string;

  const kubectl = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile(
        'kubectl',
        ['--kubeconfig', join(folder, 'kubeconfig'), ...args],
        { maxBuffer: 16 * 1024 * 1024 },
        (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr))),
      );
    });
  const write = (name: string, objects: readonly object[]): string => {
    const file = join(folder, name);
    writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));
    return file;
  };

  beforeAll(async () => {
    lab = await startLab({ timeFactor: 0.001 });
    folder = mkdtempSync(join(tmpdir(), 'llm-d-live-admission-'));
    writeFileSync(join(folder, 'kubeconfig'), lab.kubeconfig);
    const namespaces = namespacesOf(manifests.map(({ manifest }) => manifest));
    await kubectl('apply', '--server-side', '-f', write('ground.yaml', [...ALSO_INSTALLED, ...namespaces]));
  });
  afterAll(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true });
  });

  test.each(folders)('%s is admitted, unknown fields being errors', async (from) => {
    const objects = manifests.filter((one) => one.from === from).map(({ manifest }) => manifest);
    const output = await kubectl(
      'apply',
      ...['--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict'],
      ...['-f', write('objects.yaml', objects)],
    );
    expect(output.trim().split('\n')).toHaveLength(objects.length);
  });

  test.each([
    ['a field that nobody knows', { spec: { podSelektor: {} } }, /unknown field "spec.podSelektor"/],
    ['a value that is not allowed', { spec: { podSelector: {}, policyTypes: ['Inside'] } }, /Inside/],
  ])('and %s is refused', async (_what, fields, sentence) => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'wrong', namespace: 'private-ai' },
      ...fields,
    };
    await expect(
      kubectl(
        'apply',
        '--server-side',
        '--dry-run=server',
        '--validate=strict',
        '-f',
        write('wrong.yaml', [policy]),
      ),
    ).rejects.toThrow(sentence);
  });
});
