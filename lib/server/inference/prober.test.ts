import type { RequestListener } from 'node:http';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProbeResult } from '@/lib/domain/probe';
import { startHttpServer } from '@/lib/server/testing/http-server';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import { createProber, type Prober } from './prober';
import type { ReachableEndpoint } from './relay-chat';
import { anEndpoint, DONE, delta, FINISH, SSE, usage } from './testing/relay-harness';

/** A model server that can be told how to behave. */
interface Engine {
  endpoint: ReachableEndpoint;
  /** Requests by path, in order, but for those of the version. */
  asked: string[];
  /** What GET /version says; `null`: 404. */
  version: string | null;
  versionRequests: number;
  headers: Record<string, string>;
  modelsStatus: number;
  completionStatus: number;
}

async function anEngine(overrides: Partial<ReachableEndpoint> = {}): Promise<Engine> {
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? '';
    request.resume();
    if (path === '/version') {
      engine.versionRequests += 1;
      response
        .writeHead(engine.version === null ? 404 : 200)
        .end(JSON.stringify({ version: engine.version }));
      return;
    }
    engine.asked.push(path);
    if (path === '/v1/models') {
      response
        .writeHead(engine.modelsStatus, { 'content-type': 'application/json', ...engine.headers })
        .end('{"object":"list","data":[{"id":"mistral-3-distributed","max_model_len":32768}]}');
    } else {
      response
        .writeHead(engine.completionStatus, { ...SSE, ...engine.headers })
        .end(engine.completionStatus === 200 ? delta('yes') + FINISH + usage(1) + DONE : '');
    }
  };
  const { url } = await startHttpServer(listener);
  const engine: Engine = {
    endpoint: { ...anEndpoint(url), ...overrides },
    asked: [],
    version: null,
    versionRequests: 0,
    headers: {},
    modelsStatus: 200,
    completionStatus: 200,
  };
  return engine;
}

function aProber(endpoints: () => readonly ReachableEndpoint[]) {
  const clock = createManualClock();
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const faults: unknown[] = [];
  const prober = createProber({
    endpoints,
    dispatcherFor: () => agent,
    apiKeys: { baseline: null, distributed: null },
    clock,
    onChange: () => undefined,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(() => {
    prober.stop();
    expect(faults).toEqual([]);
  });
  return { prober, clock };
}

const settled = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

const kinds = (prober: Prober) => prober.results().map(({ kind, outcome }) => `${kind} ${outcome}`);

describe('probing the endpoints', () => {
  it('asks for the models and one token at the start', async () => {
    const engine = await anEngine();
    engine.headers = { 'x-went-into-resp-headers': 'true' };
    const { prober, clock } = aProber(() => [engine.endpoint]);
    prober.start();
    await settled(() => prober.results().length === 2);
    const url = engine.endpoint.baseUrl;
    const common = {
      arm: 'distributed',
      path: 'gateway',
      httpStatus: 200,
      observedAt: clock.now(),
      durationMs: 0,
    };
    expect(prober.results()).toEqual([
      {
        ...common,
        kind: 'models',
        request: `GET ${url}/v1/models`,
        outcome: 'answered',
        finding: 'Serves mistral-3-distributed.',
        modelIds: ['mistral-3-distributed'],
        schedulerSeen: null,
        introducedAsLab: false,
      },
      {
        ...common,
        kind: 'completion',
        request: `POST ${url}/v1/chat/completions`,
        outcome: 'answered',
        finding: '1 token in 0.00 s.',
        modelIds: null,
        schedulerSeen: true,
        introducedAsLab: false,
      },
    ]);
    expect(prober.models('distributed', 'cluster')).toEqual([
      { id: 'mistral-3-distributed', maxModelLength: 32768 },
    ]);
    expect(prober.probedAt('distributed')).toEqual([clock.now()]);
    expect(prober.source('distributed')).toEqual({
      state: 'live',
      mode: 'live',
      lastProofAt: clock.now(),
      detail: 'gateway: 1 token in 0.00 s.',
    });
  });

  it('keeps what a configured URL tells apart from the arm’s own pods, and counts no probe of it as theirs', async () => {
    const elsewhere = await anEngine({ path: 'override', servedModelName: 'other' });
    const own = await anEngine({ path: 'route' });
    const { prober, clock } = aProber(() => [elsewhere.endpoint]);
    prober.start();
    await settled(() => prober.results().length === 2);
    expect([prober.models('distributed', 'cluster'), prober.models('distributed', 'configured')]).toEqual([
      [],
      [{ id: 'mistral-3-distributed', maxModelLength: 32768 }],
    ]);
    expect(prober.probedAt('distributed')).toEqual([]);
    const same = { ...own.endpoint, path: 'override' as const };
    const both = aProber(() => [same, own.endpoint]).prober;
    both.start();
    await settled(() => both.results().length === 4);
    expect(both.models('distributed', 'configured')).toEqual([]);
    expect(both.probedAt('distributed')).toEqual([clock.now(), clock.now()]);
  });

  /** Lets rounds of 15 s pass, each with its list of models and, every fourth, its completion. */
  async function passRounds(
    rounds: number,
    engine: Engine,
    clock: ManualClock,
    onRound = (): void => undefined,
  ) {
    const before = engine.asked.filter((path) => path === '/v1/models').length;
    for (let round = 1; round <= rounds; round += 1) {
      onRound();
      clock.advance(15_000);
      await settled(
        () =>
          engine.asked.filter((path) => path === '/v1/models').length === before + round &&
          clock.pending().length === 1,
      );
    }
  }
  const completionsOf = (engine: Engine): number =>
    engine.asked.filter((path) => path.includes('completions')).length;

  it('asks for the version every 5 min and after a change of the engines, and tells it with the models', async () => {
    const engine = await anEngine();
    engine.version = '0.11.0+rhai1';
    const { prober, clock } = aProber(() => [engine.endpoint]);
    prober.start();
    await settled(() => prober.results().length === 2);
    const versions = () => prober.results().map(({ kind, engineVersion }) => [kind, engineVersion]);
    expect(versions()).toEqual([
      ['models', '0.11.0+rhai1'],
      ['completion', undefined],
    ]);
    await passRounds(20, engine, clock);
    expect(engine.versionRequests).toBe(2);
    expect(versions()[0]).toEqual(['models', '0.11.0+rhai1']);

    engine.version = '0.12.0';
    const asked = completionsOf(engine);
    prober.noteChange('distributed');
    clock.advance(500);
    await settled(() => completionsOf(engine) === asked + 1);
    expect(versions()[0]).toEqual(['models', '0.12.0']);
  });

  it('asks for models every 15 s and for a token once a minute', async () => {
    const engine = await anEngine();
    const { prober, clock } = aProber(() => [engine.endpoint]);
    prober.start();
    await settled(() => prober.results().length === 2);
    await passRounds(20, engine, clock);
    expect(completionsOf(engine)).toBe(6);
    expect(prober.probedAt('distributed')).toHaveLength(6);
  });

  it('follows a change of what serves the arm with a token at once, many changes with one, and never more than one in 5 s', async () => {
    const engine = await anEngine();
    const { prober, clock } = aProber(() => [engine.endpoint]);
    prober.start();
    await settled(() => prober.results().length === 2 && clock.pending().length === 1);
    prober.noteChange('baseline');
    clock.advance(500);
    const attempts: number[] = [];
    for (let elapsedMs = 0; elapsedMs < 14_000; elapsedMs += 250) {
      // A roll-out: something changes four times a second, for eight seconds.
      if (elapsedMs < 8_000) prober.noteChange('distributed');
      const before = completionsOf(engine);
      clock.advance(250);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (completionsOf(engine) > before) attempts.push(elapsedMs + 250);
    }
    expect(attempts).toEqual([500, 5_500, 10_500]);
  });

  it('asks once more when the change came while an answer was under way', async () => {
    const engine = await anEngine();
    const { prober, clock } = aProber(() => [engine.endpoint]);
    const first = prober.probeNow('distributed');
    await settled(() => completionsOf(engine) === 1);
    prober.noteChange('distributed');
    clock.advance(500);
    await first;
    await settled(() => completionsOf(engine) === 2);
  });

  it('spends no token while real chats prove the path', async () => {
    const engine = await anEngine();
    const { prober, clock } = aProber(() => [engine.endpoint]);
    prober.start();
    await settled(() => prober.results().length === 2);
    const [, completion] = prober.results();
    const chat = (): ProbeResult => ({
      ...(completion as ProbeResult),
      observedAt: clock.now(),
      finding: 'a real chat',
    });
    await passRounds(19, engine, clock, () => prober.noteCompletion(chat()));
    expect(prober.results()[1]?.finding).toBe('a real chat');
    expect(completionsOf(engine)).toBe(1);
  });

  it('tries a refused completion again after 30 s, 60 s, …, and at once when the endpoint comes back', async () => {
    const engine = await anEngine();
    engine.completionStatus = 500;
    const { prober, clock } = aProber(() => [engine.endpoint]);
    prober.start();
    const completions = () => engine.asked.filter((path) => path.includes('completions')).length;
    await settled(() => kinds(prober).includes('completion refused'));
    const attempts: number[] = [];
    for (let round = 1; round <= 8; round += 1) {
      const [models, tokens] = [engine.asked.length - completions(), completions()];
      clock.advance(15_000);
      await settled(() => engine.asked.length - completions() === models + 1 && clock.pending().length === 1);
      if (completions() > tokens) attempts.push(round * 15);
    }
    expect(attempts).toEqual([30, 90]);
    // What is refused is in no metric of answers.
    expect(prober.probedAt('distributed')).toEqual([]);
    expect(prober.source('distributed').state).toBe('unreachable');

    engine.modelsStatus = 503;
    clock.advance(15_000);
    await settled(() => kinds(prober)[0] === 'models refused');
    engine.modelsStatus = 200;
    engine.completionStatus = 200;
    clock.advance(15_000);
    await settled(() => kinds(prober)[1] === 'completion answered');
    expect(prober.source('distributed').state).toBe('live');
  });

  it('asks for a token on demand, also right after another', async () => {
    const engine = await anEngine();
    const { prober } = aProber(() => [engine.endpoint]);
    await Promise.all([prober.probeNow(), prober.probeNow('distributed'), prober.probeNow('baseline')]);
    expect(engine.asked.filter((path) => path.includes('completions'))).toHaveLength(2);
  });

  it('forgets an endpoint that is no longer resolved', async () => {
    const old = await anEngine();
    const next = await anEngine({ path: 'route' });
    let current = [old.endpoint];
    const { prober } = aProber(() => current);
    await prober.probeNow();
    current = [next.endpoint];
    expect(prober.results()).toEqual([]);
    await prober.probeNow();
    expect(new Set(prober.results().map(({ path }) => path))).toEqual(new Set(['route']));
  });

  it('knows a lab by its header, for good', async () => {
    const engine = await anEngine();
    engine.headers = { 'x-lab': '1' };
    const { prober } = aProber(() => [engine.endpoint]);
    await prober.probeNow();
    expect(prober.source('distributed').mode).toBe('simulated');
    expect(prober.source('baseline')).toMatchObject({ mode: 'unknown', state: 'syncing' });
    engine.headers = {};
    await prober.probeNow();
    expect(prober.source('distributed').mode).toBe('simulated');
  });

  it.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [503, 'unreachable'],
    [302, 'unreachable'],
  ] as const)('turns a refusal with %i into the source state %s', async (status, state) => {
    const engine = await anEngine();
    engine.modelsStatus = status;
    engine.completionStatus = status;
    const { prober } = aProber(() => [engine.endpoint]);
    await prober.probeNow();
    expect(prober.source('distributed')).toMatchObject({ state, mode: 'unknown', lastProofAt: null });
  });

  it('gives up on a list of models after 5 s', async () => {
    const server = await startHttpServer(() => undefined);
    const { prober, clock } = aProber(() => [anEndpoint(server.url)]);
    const probing = prober.probeNow();
    await settled(() => clock.pending().length === 1);
    clock.advance(5_000);
    await settled(() => prober.results().length === 1);
    expect(prober.results()[0]).toMatchObject({
      kind: 'models',
      outcome: 'refused',
      durationMs: 5000,
      finding: 'The endpoint did not answer within 5 s.',
    });
    prober.stop();
    await probing;
  });
});
