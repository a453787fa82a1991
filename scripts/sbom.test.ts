import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './paths';
import { makeSbom } from './sbom';

const LOCK = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

describe('the bill of materials', () => {
  const bom = makeSbom(LOCK);

  test('is CycloneDX of this application', () => {
    expect(bom.metadata.component).toMatchObject({ name: manifest.name, version: manifest.version });
    expect(bom.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const references = bom.components.map((component) => component['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
  });

  test('names every package that ships, at its version, and none that only builds', () => {
    const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(listed).toContain(`${name}@${version}`);
    }
    for (const name of ['@biomejs/biome', 'vitest', '@playwright/test', 'node', 'typescript']) {
      expect(listed).not.toContain(`${name}@${manifest.devDependencies[name]}`);
    }
  });

  test('gives every package its hash and its licence', () => {
    for (const { name, hashes, licenses, purl } of bom.components) {
      expect({ name, hashes: hashes.length, licenses: licenses.length }).toEqual({
        name,
        hashes: 1,
        licenses: 1,
      });
      expect(purl).toMatch(/^pkg:npm\/(%40[^/@]+\/)?[^/@]+@\d/);
    }
  });

  test('follows from the lock alone', () => {
    expect(makeSbom(LOCK)).toEqual(bom);
    const other = makeSbom(LOCK.replace('"lockfileVersion": 3', '"lockfileVersion":  3'));
    expect(other.serialNumber).not.toBe(bom.serialNumber);
  });
});
