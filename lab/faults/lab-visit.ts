/** For tests: a lab in virtual time, asked through its own doors. */
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { type Lab, type LabOptions, startLab } from '../lab.ts';
import type { Arm } from '../world/arms.ts';

const GATEWAY_HOST = 'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com';
const MODELS: Record<Arm, string> = { baseline: 'mistral-3-int4', distributed: 'mistral-3-distributed' };
/** Short enough that waits for sockets and timers of the lab alternate. */
const TURN_MS = 10;

export interface Heard {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The connection broke before the answer was complete. */
  isCut: boolean;
}

export interface Visit {
  readonly lab: Lab;
  readonly clock: VirtualClock;
  /** Lets virtual time run until the work is done. */
  during<T>(work: Promise<T>): Promise<T>;
  /** A streamed chat of so many tokens, with usage: the baseline by its Route, the distributed arm by its Gateway. */
  chat(arm: Arm, more?: object): Promise<Heard>;
  /** A GET of the baseline's Route, or of the distributed service at its Gateway. */
  get(arm: Arm, path: string): Promise<Heard>;
}

export async function visitLab(options: LabOptions = {}): Promise<Visit> {
  const clock = virtualClock();
  const during = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const settled = work.finally(() => {
      isDone = true;
    });
    settled.catch(() => {});
    while (!isDone) await clock.advance(TURN_MS);
    return settled;
  };
  const lab = await startLab({ clock, ...options });
  await clock.advance(0);

  const ask = (arm: Arm, path: string, body?: string): Promise<Heard> => {
    const host = arm === 'baseline' ? 'mistral-3-int4-private-ai.apps.rhoai-demo.example.com' : GATEWAY_HOST;
    const base =
      arm === 'baseline' ? lab.urls.ingressHttps : `${lab.urls.ingressHttp}/private-ai/mistral-3-distributed`;
    const send = arm === 'baseline' ? httpsRequest : httpRequest;
    const how: RequestOptions & { servername: string; rejectUnauthorized: boolean } = {
      agent: false,
      method: body === undefined ? 'GET' : 'POST',
      servername: host,
      rejectUnauthorized: false,
      headers: {
        Host: host,
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const call = send(base + path, how);
      call.on('error', reject);
      call.on('response', (response) => {
        let text = '';
        const heard = (isCut: boolean): void =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, isCut });
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () => heard(false));
        response.on('error', () => heard(true));
      });
      call.end(body);
    });
  };

  return {
    lab,
    clock,
    during,
    get: (arm, path) => during(ask(arm, path)),
    chat: (arm, more = {}) =>
      ask(
        arm,
        '/v1/chat/completions',
        JSON.stringify({
          model: MODELS[arm],
          messages: [{ role: 'user', content: 'What is llm-d?' }],
          max_tokens: 20,
          ignore_eos: true,
          stream: true,
          stream_options: { include_usage: true },
          ...more,
        }),
      ),
  };
}

/** The events of a stream, without their `data: `. */
export function eventsOf({ text }: Pick<Heard, 'text'>): string[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.replace('data: ', ''));
}
