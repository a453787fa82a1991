import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { UsageReports } from '@/lib/domain/chat-body';
import type { ChatTurn } from '@/lib/domain/chat-model';
import { DEFAULT_PARAMETERS } from '@/lib/domain/chat-parameters';
import { aTurn } from '@/lib/domain/testing/build-chat';
import { toEquivalentCurl } from './equivalent-curl';

/** What a real shell hands to `curl`: the words, NUL between them. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const output = execFileSync('/bin/sh', ['-c', script], {
    env: { ...process.env, MODEL_API_KEY: 'from-the-environment' },
    encoding: 'utf8',
  });
  return output.split('\0').slice(0, -1);
}

const PLAIN = { sendsKey: false, verifiesTls: true, trustsOwnCa: false, connectsInsteadOfPort: null };
const NASTY = `it's "quoted" $HOME \`id\` $(id) \\ ! 'twice''\nsecond line \u202E\u001b[31m 🙂`;

describe('equivalent curl', () => {
  it('survives a real shell: the body arrives as it was sent', () => {
    const earlier = aTurn({ prompt: 'Before?' });
    const turn = aTurn({
      prompt: NASTY,
      asked: {
        system: 'Be brief.',
        coldLine: '[c0ffee]',
        parameters: { ...DEFAULT_PARAMETERS, seed: 7, maxTokens: 64, isFixedLength: true },
      },
    });
    const words = argumentsOf(toEquivalentCurl(turn, [earlier], { ...PLAIN, sendsKey: true }) ?? '');
    expect(words.slice(0, -1)).toEqual([
      '--no-buffer',
      '--silent',
      '--show-error',
      'https://gw/v1/chat/completions',
      '-H',
      'Content-Type: application/json',
      '-H',
      'Authorization: Bearer from-the-environment',
      '-d',
    ]);
    expect(JSON.parse(words.at(-1) ?? '')).toEqual({
      model: 'mistral-3-distributed',
      messages: [
        { role: 'system', content: '[c0ffee]\nBe brief.' },
        { role: 'user', content: 'Before?' },
        { role: 'assistant', content: 'word word ' },
        { role: 'user', content: NASTY },
      ],
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
      max_tokens: 64,
      temperature: 0,
      seed: 7,
      ignore_eos: true,
    });
  });

  it('holds no character that steers a terminal, and no key where none is sent', () => {
    const command = toEquivalentCurl(aTurn({ prompt: NASTY }), [], PLAIN) ?? '';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
    expect(command).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(command).not.toContain('MODEL_API_KEY');
  });

  it('leaves the certificate unverified only where the dashboard does, and says why', () => {
    const command = toEquivalentCurl(aTurn(), [], { ...PLAIN, verifiesTls: false }) ?? '';
    expect(command.split('\n')[0]).toMatch(/^# -k: .*self-signed/);
    expect(argumentsOf(command).slice(0, 5)).toEqual([
      '--no-buffer',
      '--silent',
      '--show-error',
      '-k',
      'https://gw/v1/chat/completions',
    ]);
    expect(toEquivalentCurl(aTurn(), [], PLAIN)).not.toMatch(/-k\b|#/);
  });

  it('asks for the token counts that the endpoint was asked for in the end', () => {
    const bodyOf = (turn: ChatTurn): unknown =>
      JSON.parse(argumentsOf(toEquivalentCurl(turn, [], PLAIN) ?? '').at(-1) ?? '');
    const retried = (usageReports: UsageReports): ChatTurn => ({
      ...aTurn(),
      retry: { reason: 'x', atMs: 1, usageReports },
    });
    expect(bodyOf(retried('at-end'))).toMatchObject({ stream_options: { include_usage: true } });
    expect(bodyOf(retried('none'))).not.toHaveProperty('stream_options');
    expect(bodyOf(aTurn({ start: { usageReports: 'none' } }))).not.toHaveProperty('stream_options');
  });

  it('connects where the dashboard connects, by the names of its settings only', () => {
    const command =
      toEquivalentCurl(aTurn(), [], { ...PLAIN, trustsOwnCa: true, connectsInsteadOfPort: 443 }) ?? '';
    expect(command.split('\n')[0]).toBe(
      '# $MODEL_CA_FILE, $INGRESS_CONNECT_TO: as they are set for the dashboard',
    );
    const settings = "MODEL_CA_FILE='/some where/ca.crt' INGRESS_CONNECT_TO='80=one:8080,443=127.0.0.1:8443'";
    expect(argumentsOf(`${settings}\n${command}`).slice(4, 8)).toEqual([
      '--cacert',
      '/some where/ca.crt',
      '--connect-to',
      '::127.0.0.1:8443',
    ]);
    const plain = aTurn({ start: { url: 'http://gw/v1/chat/completions' } });
    expect(toEquivalentCurl(plain, [], { ...PLAIN, trustsOwnCa: true })).not.toContain('MODEL_CA_FILE');
    const unverified = toEquivalentCurl(aTurn(), [], { ...PLAIN, verifiesTls: false, trustsOwnCa: true });
    expect(unverified).not.toContain('MODEL_CA_FILE');
  });

  it('is none where turns that were sent along have left the page: it would ask something else', () => {
    const turn = aTurn({ asked: { messageCount: 3 } });
    expect(toEquivalentCurl(turn, [aTurn()], PLAIN)).toContain('curl ');
    expect(toEquivalentCurl(turn, [], PLAIN)).toBeNull();
  });

  it('is none before the question was sent, and where no command line takes it', () => {
    expect(toEquivalentCurl({ ...aTurn(), start: null }, [], PLAIN)).toBeNull();
    expect(toEquivalentCurl(aTurn({ prompt: 'x'.repeat(120_000) }), [], PLAIN)).toBeNull();
  });
});
