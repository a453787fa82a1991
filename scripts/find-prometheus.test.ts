import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findPrometheus } from './find-prometheus';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-prometheus-'));
  vi.stubEnv('PATH', folder);
  vi.stubEnv('LAB_PROMETHEUS', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(name: string, says: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(path, 0o755);
  return path;
}

test('the one on the PATH is taken, and one that is named goes before it', () => {
  program('prometheus', 'prometheus, version 2.42.0 (branch: debian)');
  expect(findPrometheus()).toBe('prometheus');
  const other = program('other', 'prometheus, version 3.5.0 (branch: main)');
  vi.stubEnv('LAB_PROMETHEUS', other);
  expect(findPrometheus()).toBe(other);
});

test('what is named and is none is refused in words', () => {
  vi.stubEnv('LAB_PROMETHEUS', program('other', 'hello'));
  expect(() => findPrometheus()).toThrow(/^LAB_PROMETHEUS=.*other is no Prometheus$/);
});

test('where none is, and none can be installed, there is none', () => {
  expect(findPrometheus()).toBeNull();
});
