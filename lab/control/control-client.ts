import { request } from 'node:http';
import type { ControlAddress } from './control-api.ts';

/** Sends one command to a running lab; rejects with the lab's own words. */
export function sendCommand(
  { url, token }: ControlAddress,
  name: string,
  input: Record<string, unknown> = {},
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
        const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { error?: string };
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(answer.error ?? `the lab answered ${response.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
