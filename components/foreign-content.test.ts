import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Sources of everything that runs in the browser, tests left out. */
const sources = ['app', 'components', 'lib/client', 'lib/format'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        /\.tsx?$/.test(name) &&
        !name.includes('.test.') &&
        !name.includes('testing/') &&
        !name.startsWith('api'),
    )
    .map((name) => [join(folder, name), readFileSync(join(ROOT, folder, name), 'utf8')] as const),
);

describe('what runs in the browser', () => {
  it('is found by this test', () => {
    expect(sources.length).toBeGreaterThan(80);
  });

  // Object names, events and model output are written by others (platform-pitfalls A20–A23).
  it.each([
    ['interprets no foreign markup', /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/],
    ['loads from no foreign address', /src=\{|window\.open\(/],
    ['evaluates nothing', /\beval\(|new Function\(/],
    ['names no other host', /https?:\/\/(?!www\.w3\.org)[a-z]/],
    ['invents no number', /Math\.random/],
  ])('%s', (_, pattern) => {
    expect(sources.filter(([, text]) => pattern.test(text)).map(([name]) => name)).toEqual([]);
  });

  // `toSafeLink` lets http(s) through and nothing else (safe-link.test.ts).
  it('follows no foreign address that was not judged', () => {
    const following = sources.filter(([, text]) => /href=\{(?!`\/\$\{screen\}`)/.test(text));
    expect(following.filter(([, text]) => !text.includes('toSafeLink(')).map(([name]) => name)).toEqual([]);
  });
});
