import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Outcome {
  code: number;
  firstLine: string;
}

function run(args: string[], assets: string | undefined): Promise<Outcome> {
  const { KUBEBUILDER_ASSETS: _given, ...environment } = process.env;
  const env = assets === undefined ? environment : { ...environment, KUBEBUILDER_ASSETS: assets };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'conformance.ts'), ...args],
      { env },
      (failure, _out, error) =>
        resolve({
          code: failure === null ? 0 : Number(failure.code ?? 1),
          firstLine: error.split('\n')[0] ?? '',
        }),
    );
  });
}

describe('the contract suite elsewhere, with nothing to test, says so and fails', () => {
  test('neither programs nor a kubeconfig', async () => {
    expect(await run([], undefined)).toEqual({
      code: 2,
      firstLine:
        'Nothing to test: KUBEBUILDER_ASSETS names no folder with etcd and kube-apiserver, and no --kubeconfig is given.',
    });
  });

  test('a folder without the programs', async () => {
    expect(await run([], import.meta.dirname)).toEqual({
      code: 2,
      firstLine: `KUBEBUILDER_ASSETS (${import.meta.dirname}) holds no etcd.`,
    });
  });

  test('a kubeconfig that is not there, and an option that does not exist', async () => {
    const absent = join(import.meta.dirname, 'absent');
    expect(await run(['--kubeconfig', absent], undefined)).toEqual({
      code: 2,
      firstLine: `There is no kubeconfig at ${absent}.`,
    });
    expect((await run(['--cluster', 'x'], undefined)).code).toBe(2);
  });
});
