/** A small door on loopback for the commands that act on a running lab. Everything needs the token in the control file. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULT_EXPECTATIONS, gatesOf } from '../faults/fault-expectations.ts';
import { type ActingFault, type FaultName, ImpossibleFault, isFaultName } from '../faults/faults.ts';
import type { Lab } from '../lab.ts';
import { isScenarioName, SCENARIOS, type ScenarioName } from '../scenarios.ts';
import { type Arm, isArm } from '../world/arms.ts';
import { type Deployment, isReady, isTerminating, type Pod } from '../world/workload-types.ts';
import { DEMO_NAMESPACE } from '../world/world.ts';

export interface ControlAddress {
  url: string;
  token: string;
}

export interface LabStatus {
  scenario: string;
  urls: Lab['urls'];
  visitors: { baseline: number; distributed: number };
  /** Faults that act right now. */
  faults: ActingFault[];
  objects: number;
  pods: { name: string; node: string | null; phase: string; ready: boolean; terminating: boolean }[];
}

export interface ControlOptions {
  lab: Lab;
  /** Called when somebody asks the lab to end. */
  onStop(): void;
}

export interface Control {
  readonly address: ControlAddress;
  stop(): Promise<void>;
}

/** A refusal with its HTTP code. */
class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function codeOf(error: unknown): number {
  if (error instanceof Refusal) return error.code;
  return error instanceof ImpossibleFault ? 409 : 500;
}

type Command = (input: Record<string, unknown>) => unknown | Promise<unknown>;

/** In front of a fault's name where a scenario's could stand as well. */
export const FAULT_PREFIX = 'fault:';
const MAX_BODY_BYTES = 64 * 1024;

function text(input: Record<string, unknown>, field: string, otherwise?: string): string {
  const value = input[field] ?? otherwise;
  if (typeof value !== 'string' || value === '') throw new Refusal(400, `${field} must be a text`);
  return value;
}

function count(input: Record<string, unknown>, field: string): number {
  const value = Number(input[field]);
  if (!Number.isInteger(value) || value < 0) throw new Refusal(400, `${field} must be a number from 0`);
  return value;
}

function scenarioName(input: Record<string, unknown>): ScenarioName {
  const name = text(input, 'name');
  if (!isScenarioName(name)) throw new Refusal(404, `no scenario ${name}`);
  return name;
}

function faultName(input: Record<string, unknown>, name = text(input, 'name')): FaultName {
  if (!isFaultName(name)) throw new Refusal(404, `no fault ${name}`);
  return name;
}

function optionalArm(input: Record<string, unknown>): { arm?: Arm } {
  if (input.arm === undefined) return {};
  const arm = text(input, 'arm');
  if (!isArm(arm)) throw new Refusal(400, 'arm must be baseline or distributed');
  return { arm };
}

/** What gates say in a scenario, or, as `fault:NAME`, while a fault acts. */
function expectationsOf(input: Record<string, unknown>): unknown {
  const name = text(input, 'name');
  if (!name.startsWith(FAULT_PREFIX)) return SCENARIOS[scenarioName(input)].expectations;
  const fault = faultName(input, name.slice(FAULT_PREFIX.length));
  return {
    silences: FAULT_EXPECTATIONS[fault].silences,
    gates: gatesOf(fault, optionalArm(input).arm ?? null),
  };
}

function statusOf({ lab }: ControlOptions): LabStatus {
  return {
    scenario: lab.scenario(),
    urls: lab.urls,
    visitors: lab.visitors.counts(),
    faults: lab.faults.acting(),
    objects: lab.world.store.size(),
    pods: lab.world.cluster.list<Pod>('pods', DEMO_NAMESPACE).map((pod) => ({
      name: pod.metadata.name,
      node: pod.spec.nodeName ?? null,
      phase: pod.status.phase,
      ready: isReady(pod),
      terminating: isTerminating(pod),
    })),
  };
}

function commandsOf(options: ControlOptions): Record<string, Command> {
  const { lab } = options;
  const { cluster } = lab.world;
  return {
    status: () => statusOf(options),
    'kill-pod': (input) => {
      const name = text(input, 'name');
      if (!lab.killPod(name, text(input, 'namespace', DEMO_NAMESPACE)))
        throw new Refusal(404, `no pod ${name}`);
      return { killed: name };
    },
    'crash-engine': (input) => {
      const name = text(input, 'name');
      if (!lab.world.crashEngine(name, text(input, 'namespace', DEMO_NAMESPACE)))
        throw new Refusal(404, `no engine runs in a pod ${name}`);
      return { crashed: name };
    },
    serve: (input) => {
      const name = text(input, 'name');
      const namespace = text(input, 'namespace', DEMO_NAMESPACE);
      const port = count(input, 'port');
      if (cluster.get('services', namespace, name) === undefined)
        throw new Refusal(404, `no Service ${name} in ${namespace}`);
      lab.world.programs.set(`${namespace}/${name}`, port);
      return { served: name, port };
    },
    scale: (input) => {
      const name = text(input, 'name');
      const replicas = count(input, 'replicas');
      const service = cluster.get('llminferenceservices.serving.kserve.io', DEMO_NAMESPACE, name);
      const deployment = cluster.get<Deployment>('deployments.apps', DEMO_NAMESPACE, name);
      const target = service ?? deployment;
      if (target === undefined) throw new Refusal(404, `no LLMInferenceService or Deployment ${name}`);
      const kind = service === undefined ? 'deployments.apps' : 'llminferenceservices.serving.kserve.io';
      cluster.update(kind, target, (draft) => {
        draft.spec = { ...(draft.spec as object | undefined), replicas };
        draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
      });
      lab.world.announce('Scaled', `The lab scaled ${name} to ${replicas} replicas`);
      return { scaled: name, replicas };
    },
    users: (input) => {
      const arm = text(input, 'arm');
      if (!isArm(arm)) throw new Refusal(400, 'arm must be baseline or distributed');
      const visitors = count(input, 'count');
      lab.visitors.set(arm, visitors);
      lab.world.announce('VisitorsChanged', `${visitors} background visitors use the ${arm} arm`);
      return lab.visitors.counts();
    },
    'kubernetes-api': async (input) => {
      if (text(input, 'state') === 'down') await lab.stopKubernetesApi();
      else await lab.startKubernetesApi();
      return { state: input.state };
    },
    scenario: async (input) => {
      const name = scenarioName(input);
      await lab.show(name);
      return { scenario: name };
    },
    expectations: expectationsOf,
    fault: async (input) => {
      const name = faultName(input);
      const aim = optionalArm(input);
      const state = text(input, 'state');
      if (state === 'off') await lab.faults.end(name, aim.arm);
      else if (state === 'on') {
        const duration = input.seconds === undefined ? {} : { durationMs: count(input, 'seconds') * 1000 };
        await lab.faults.start(name, { ...aim, ...duration });
      } else throw new Refusal(400, 'state must be on or off');
      return { faults: lab.faults.acting() };
    },
    stop: () => {
      setImmediate(options.onStop);
      return { stopping: true };
    },
  };
}

async function readInput(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, 'body too large');
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new Refusal(400, 'body must be JSON');
  }
}

function isSameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export async function startControl(options: ControlOptions): Promise<Control> {
  const token = randomBytes(32).toString('base64url');
  const commands = commandsOf(options);

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    if (!isSameText(request.headers.authorization ?? '', `Bearer ${token}`))
      throw new Refusal(401, 'wrong token');
    const name = (request.url ?? '/').slice(1);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new Refusal(404, `no command ${name}`);
    if (request.method !== 'POST') throw new Refusal(405, 'commands are POSTed');
    return command(await readInput(request));
  };

  const send = (response: ServerResponse, code: number, body: unknown): void => {
    response.writeHead(code, { 'Content-Type': 'application/json' });
    response.end(`${JSON.stringify(body)}\n`);
  };

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => send(response, 200, body),
      (error: unknown) =>
        send(response, codeOf(error), { error: error instanceof Error ? error.message : String(error) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: { url: `http://127.0.0.1:${port}`, token },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
