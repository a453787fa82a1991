/** Background visitors: each chats, thinks, and chats again, through the cluster's own doors. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../clock.ts';
import { type KubernetesObject, valueAt } from '../kubernetes-api/object.ts';
import { type Random, seededRandom, seedFromText } from '../random.ts';
import type { Arm } from '../world/arms.ts';
import { DEMO_NAMESPACE, type World } from '../world/world.ts';
import { CONVERSATIONS, systemPrompt } from './prompts.ts';

export type VisitorCounts = Record<Arm, number>;

export interface Visitors {
  counts(): VisitorCounts;
  /** Changes the number of visitors of one arm; those who leave stop their answer. */
  set(arm: Arm, count: number): void;
  stop(): void;
}

export interface VisitorOptions {
  clock: Clock;
  seed: number;
  world: World;
  httpsPort: number;
  httpPort: number;
  counts: VisitorCounts;
}

interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

interface Door {
  scheme: 'http' | 'https';
  host: string;
  path: string;
  model: string;
}

/** People read an answer before they ask on: between these, evenly. */
const SHORTEST_THOUGHT_MS = 3000;
const LONGEST_THOUGHT_MS = 12_000;
const SHORTEST_ANSWER_TOKENS = 80;
const LONGEST_ANSWER_TOKENS = 220;
/** After a refusal a visitor waits before trying again. */
const DISCOURAGED_MS = 5000;

function doorOf(world: World, arm: Arm): Door | null {
  if (arm === 'baseline') {
    const route = world.cluster.get('routes.route.openshift.io', DEMO_NAMESPACE, 'mistral-3-int4');
    const host = valueAt(route, 'spec', 'host');
    return typeof host === 'string'
      ? { scheme: 'https', host, path: '/v1/chat/completions', model: 'mistral-3-int4' }
      : null;
  }
  const service = world.cluster.get<KubernetesObject>(
    'llminferenceservices.serving.kserve.io',
    DEMO_NAMESPACE,
    'mistral-3-distributed',
  );
  const text = valueAt(service, 'status', 'url');
  if (typeof text !== 'string') return null;
  const url = new URL(text);
  return {
    scheme: 'http',
    host: url.host,
    path: `${url.pathname}/v1/chat/completions`,
    model: 'mistral-3-distributed',
  };
}

/** The text of the answer, pieced together from the stream; null where the request failed. */
function ask(
  options: VisitorOptions,
  door: Door,
  messages: Message[],
  maxTokens: number,
  onRequest: (cancel: () => void) => void,
): Promise<string | null> {
  return new Promise((resolve) => {
    const body = JSON.stringify({
      model: door.model,
      messages,
      max_tokens: maxTokens,
      stream: true,
      stream_options: { include_usage: true },
    });
    const send = door.scheme === 'https' ? httpsRequest : httpRequest;
    const request = send({
      host: '127.0.0.1',
      port: door.scheme === 'https' ? options.httpsPort : options.httpPort,
      servername: door.host,
      // The lab talks to itself; its authority is made anew at every start.
      rejectUnauthorized: false,
      method: 'POST',
      path: door.path,
      agent: false,
      headers: {
        Host: door.host,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      },
    });
    let answer = '';
    let pending = '';
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        resolve(null);
        return;
      }
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        const lines = (pending + piece).split('\n');
        pending = lines.pop() ?? '';
        for (const line of lines) answer += deltaOf(line);
      });
      response.on('end', () => resolve(answer));
      response.on('error', () => resolve(null));
    });
    request.on('error', () => resolve(null));
    onRequest(() => request.destroy());
    request.end(body);
  });
}

/** The text of one line of a stream; visitors take no notice of a line that is damaged or cut. */
export function deltaOf(line: string): string {
  if (!line.startsWith('data: {')) return '';
  try {
    const chunk = JSON.parse(line.slice(6)) as { choices?: { delta?: { content?: string } }[] };
    return chunk.choices?.[0]?.delta?.content ?? '';
  } catch {
    return '';
  }
}

interface Visitor {
  leave(): void;
}

function startVisitor(options: VisitorOptions, arm: Arm, number: number): Visitor {
  const random: Random = seededRandom(options.seed ^ seedFromText(`${arm}/${number}`));
  let isGone = false;
  let cancelThought = (): void => {};
  let cancelRequest = (): void => {};

  const think = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      cancelThought = options.clock.schedule(delayMs, resolve);
    });
  const between = (low: number, high: number): number => low + random() * (high - low);

  const visit = async (): Promise<void> => {
    // Visitors do not arrive in step.
    await think(random() * LONGEST_THOUGHT_MS);
    while (!isGone) {
      const subject = Math.floor(random() * CONVERSATIONS.length);
      const conversation = CONVERSATIONS[subject] ?? [];
      const messages: Message[] = [{ role: 'system', content: systemPrompt(number, subject) }];
      for (const question of conversation) {
        if (isGone) return;
        messages.push({ role: 'user', content: question });
        const maxTokens = Math.round(between(SHORTEST_ANSWER_TOKENS, LONGEST_ANSWER_TOKENS));
        const door = doorOf(options.world, arm);
        const answer =
          door === null
            ? null
            : await ask(options, door, messages, maxTokens, (cancel) => {
                cancelRequest = cancel;
              });
        if (answer === null) {
          await think(DISCOURAGED_MS);
          break;
        }
        messages.push({ role: 'assistant', content: answer });
        await think(between(SHORTEST_THOUGHT_MS, LONGEST_THOUGHT_MS));
      }
    }
  };
  void visit();
  return {
    leave: () => {
      isGone = true;
      cancelThought();
      cancelRequest();
    },
  };
}

export function startVisitors(options: VisitorOptions): Visitors {
  const present: Record<Arm, Visitor[]> = { baseline: [], distributed: [] };
  const set = (arm: Arm, count: number): void => {
    while (present[arm].length > count) present[arm].pop()?.leave();
    while (present[arm].length < count) present[arm].push(startVisitor(options, arm, present[arm].length));
  };
  set('baseline', options.counts.baseline);
  set('distributed', options.counts.distributed);
  return {
    counts: () => ({ baseline: present.baseline.length, distributed: present.distributed.length }),
    set,
    stop: () => {
      set('baseline', 0);
      set('distributed', 0);
    },
  };
}
