import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { promptsSchema } from '@/lib/contracts/prompts';
import { SHIPPED_PROMPTS } from '@/lib/domain/shipped-prompts';
import { createPromptSource, parsePrompts } from './prompt-file';

function aFile(text: string | null): { path: string; write(text: string): void } {
  const folder = mkdtempSync(join(tmpdir(), 'prompts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'prompts.yaml');
  if (text !== null) writeFileSync(path, text);
  return { path, write: (next) => writeFileSync(path, next) };
}

const OWN = `
- title: Ready?
  text: Are you ready?
- id: contract
  title: The contract
  system: You are a lawyer.
  text: |
    Summarise the contract.
  maxTokens: 200
`;

describe('the prompts of the show', () => {
  it('are the shipped ones without a file', async () => {
    const prompts = await createPromptSource(null).read();
    expect(promptsSchema.parse(prompts)).toEqual({
      prompts: SHIPPED_PROMPTS,
      source: 'shipped',
      problem: null,
    });
  });

  it('are those of the file, in its order', async () => {
    expect(await createPromptSource(aFile(OWN).path).read()).toEqual({
      prompts: [
        {
          id: 'prompt-1',
          title: 'Ready?',
          text: 'Are you ready?',
          system: null,
          maxTokens: null,
          isLong: false,
        },
        {
          id: 'contract',
          title: 'The contract',
          text: 'Summarise the contract.',
          system: 'You are a lawyer.',
          maxTokens: 200,
          isLong: false,
        },
      ],
      source: 'file',
      problem: null,
    });
  });

  it('may be JSON, and a mapping with "prompts"', () => {
    const text = JSON.stringify({ prompts: [{ title: 'One', text: 'Two' }] });
    expect(parsePrompts(text)).toMatchObject([{ id: 'prompt-1', title: 'One', text: 'Two' }]);
  });

  it('heal when a mistake in the file is mended, and break visibly when one is made', async () => {
    const file = aFile('- title: One\n');
    const source = createPromptSource(file.path);
    expect(await source.read()).toEqual({
      prompts: SHIPPED_PROMPTS,
      source: 'shipped',
      problem:
        'The file of PROMPTS_FILE is not a list of prompts: prompt 1, text: Invalid input: expected string, received undefined; the shipped prompts are shown.',
    });
    file.write('- title: One\n  text: What is one?\n');
    expect(await source.read()).toMatchObject({ source: 'file', problem: null, prompts: [{ title: 'One' }] });
    rmSync(file.path);
    expect(await source.read()).toMatchObject({
      source: 'shipped',
      problem: 'The file of PROMPTS_FILE is not there; the shipped prompts are shown.',
    });
  });

  it.each([
    ['no YAML', 'title: "unclosed', /^is not YAML \(\w+ at line 1\)$/],
    ['no list', 'hello', /^is not a list of prompts: Invalid input: expected array/],
    ['an empty list', '[]', /Too small/],
    ['ten prompts', JSON.stringify(Array(10).fill({ title: 'a', text: 'b' })), /Too big/],
    ['a title too long for a button', `- {title: ${'x'.repeat(25)}, text: b}`, /prompt 1, title/],
    ['an unknown field', '- {title: a, text: b, colour: red}', /prompt 1: Unrecognized key: "colour"/],
    ['too many tokens', '- {title: a, text: b, maxTokens: 999999}', /prompt 1, maxTokens/],
    ['an id that is none', '- {title: a, text: b, id: "../x"}', /prompt 1, id: must be lower-case words/],
    ['the same id twice', '[{title: a, text: b, id: x}, {title: c, text: d, id: x}]', /the same id/],
    ['an alias bomb', `a: &a [x,x]\n${'b: [*a,*a,*a,*a]\n'}`, /not a list/],
  ])('say what is wrong: %s', (_what, text, problem) => {
    expect(parsePrompts(text)).toMatch(problem);
  });
});
