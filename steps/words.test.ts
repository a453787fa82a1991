import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { GATE_IDS } from '@/lib/domain/gates/gate-row';

const ROOT = dirname(import.meta.dirname);

/** Words that promise what only an official document and a look at the cluster can prove. */
const PROMISE = /\b(production-aligned|supported)\b/i;
const OFFICIAL_LINK = /https:\/\/docs\.redhat\.com\//;

function textFiles(): string[] {
  const files = ['docs', 'steps', 'gitops'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(md|ya?ml|sh)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [...files, join(ROOT, 'README.md')].filter((file) => !file.includes('/.render-'));
}

test('"supported" and "production-aligned" stand only beside the official document and the gate that proves it', () => {
  const unproven = textFiles().flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/\n\s*\n/)
      .filter((paragraph) => PROMISE.test(paragraph))
      .filter(
        (paragraph) =>
          !OFFICIAL_LINK.test(paragraph) || !GATE_IDS.some((id) => paragraph.includes(`\`${id}\``)),
      )
      .map((paragraph) => `${relative(ROOT, file)}: ${paragraph.slice(0, 120)}`),
  );
  expect(unproven).toEqual([]);
});
