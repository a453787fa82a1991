import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { UntrustedText } from './untrusted-text';

function render(text: string, max?: number): string {
  return renderToStaticMarkup(
    max === undefined ? <UntrustedText text={text} /> : <UntrustedText text={text} max={max} />,
  );
}

describe('text written by others', () => {
  it('stays text: markup and template braces mean nothing', () => {
    expect(render('<img src=x onerror=alert(1)>{{7*7}}')).toBe(
      '<bdi class="break-words">&lt;img src=x onerror=alert(1)&gt;{{7*7}}</bdi>',
    );
  });

  it('is isolated, so that a right-to-left override turns nothing around it', () => {
    expect(render('node-\u202Egpj.exe')).toBe('<bdi class="break-words">node-\u202Egpj.exe</bdi>');
  });

  it('is cut when it is long, with the whole text on demand', () => {
    expect(render('abcdefgh', 3)).toBe('<bdi class="break-words" title="abcdefgh">abc…</bdi>');
  });

  it('never cuts a character in half', () => {
    expect(render('🙂🙂🙂', 2)).toContain('🙂🙂…');
  });

  it('bounds even the tooltip of a 10 KB name', () => {
    expect(render('x'.repeat(10_000)).length).toBeLessThan(4_500);
  });
});
