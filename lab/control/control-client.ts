import { request } from 'node:http';
import type { ControlAddress } from './control-api.ts';

export class NoAnswerInTime extends Error {}

/** Sends one command to a running lab; rejects with the lab's own words. */
export function sendCommand(
  { url, token }: ControlAddress,
  name: string,
  input: Record<string, unknown> = {},
  timeoutMs?: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(input);
    const call = request(`${url}/${name}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      },
    });
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = toJson(Buffer.concat(chunks).toString('utf8'));
        if (answer === null) reject(new Error(`${url} is no lab`));
        else if (response.statusCode === 200) resolve(answer);
        else reject(new Error(answer.error ?? `the lab answered ${response.statusCode}`));
      });
    });
    call.on('error', reject);
    if (timeoutMs !== undefined) {
      call.setTimeout(timeoutMs, () => call.destroy(new NoAnswerInTime(`no answer from ${url}`)));
    }
    call.end(body);
  });
}

function toJson(text: string): { error?: string } | null {
  try {
    return JSON.parse(text) as { error?: string } | null;
  } catch {
    return null;
  }
}
