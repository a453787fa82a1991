/** Puts the lab together: world, Kubernetes API, ingress, metrics. Tests and the command line start it through here. */
import { randomBytes } from 'node:crypto';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  createNamelessCertificate,
} from './certificates/certificate.ts';
import { type Clock, realClock } from './clock.ts';
import { createEngineFaultBoard } from './faults/engine-fault-board.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import { createEndpointPicker } from './inference-api/endpoint-picker.ts';
import { createEngine } from './inference-api/engine.ts';
import { createRequestLedger } from './inference-api/request-ledger.ts';
import { undisturbed } from './ingress/disturbance.ts';
import { type Ingress, startIngress } from './ingress/ingress.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { ADMINISTRATOR, serviceAccountUser, type User } from './kubernetes-api/access.ts';
import { calm } from './kubernetes-api/disturbance.ts';
import { createIdentifiers } from './kubernetes-api/identifiers.ts';
import { createApiListener } from './kubernetes-api/listener.ts';
import { createAuthorizer } from './kubernetes-api/rbac.ts';
import { createApiHandler } from './kubernetes-api/server.ts';
import { createServiceAccountTokens } from './kubernetes-api/service-account-tokens.ts';
import { startVisitors, type VisitorCounts, type Visitors } from './load/visitors.ts';
import { startMetrics } from './metrics-servers.ts';
import type { EmbeddedPrometheus, RequestTruth } from './parts.ts';
import { seededRandom } from './random.ts';
import { type ScenarioName, sceneOf } from './scenarios.ts';
import { loopbackListen } from './world/engines.ts';
import { kueueVisibility } from './world/kueue-visibility.ts';
import { DASHBOARD, DASHBOARD_UID } from './world/platform/access.ts';
import { createPlatformTargets } from './world/platform-targets.ts';
import { createPodLogs } from './world/pod-logs.ts';
import { scrapeTargets } from './world/scrape-targets.ts';
import { runWebhooks } from './world/webhooks.ts';
import { createWorld, DEMO_NAMESPACE, type World } from './world/world.ts';

/** Ports on 127.0.0.1; 0 or absent picks a free one. */
export interface LabPorts {
  kubernetes?: number;
  https?: number;
  http?: number;
  prometheus?: number;
  tenancy?: number;
}

export interface LabOptions {
  scenario?: ScenarioName;
  seed?: number;
  /** Factor on model loading and readiness probes; 0.1 makes the 3½ minutes of a load 21 seconds. */
  timeFactor?: number;
  clock?: Clock;
  ports?: LabPorts;
  /** Background visitors per arm. */
  users?: Partial<VisitorCounts>;
  bookmarkIntervalMs?: number;
  scrapeIntervalMs?: number;
  /** Requests that `groundTruth` knows, the newest; 5,000 by default. */
  rememberedRequests?: number;
  /** A prometheus program to use instead of the embedded one, and where its configuration and data may go. */
  prometheusProgram?: { path: string; folder: string };
}

export interface LabUrls {
  kubernetes: string;
  prometheus: string;
  /** The same Prometheus under the tenancy rules of the Thanos querier's port 9092: a token and a namespace, or nothing. */
  prometheusTenancy: string;
  ingressHttps: string;
  ingressHttp: string;
}

export interface Lab {
  readonly urls: LabUrls;
  /** Bearer tokens: everything, and reading only. */
  readonly tokens: { admin: string; reader: string };
  /** The lab's certificate authority: of the Kubernetes API and of the router's edge. */
  readonly authorityPem: string;
  readonly kubeconfig: string;
  /** Hosts of the cluster reached through the lab's ports, in the form of INGRESS_CONNECT_TO. */
  readonly connectTo: string;
  readonly world: World;
  /** Null where a real program does its work. */
  readonly prometheus: EmbeddedPrometheus | null;
  readonly visitors: Visitors;
  /**
   * What really happened to each request that reached an engine, in the order of arrival, to hold against what a screen
   * makes of the metrics. A request counts in vLLM's metrics so: its prompt tokens and its TTFT (`tokensMs[0]` minus
   * `arrivedMs`) at its first token, each token at its time, each gap between two tokens as an inter-token latency, and
   * only one that ends with `stop` or `length` as a success with its E2E latency. For loads in virtual time see
   * `load/scripted-load.ts`: `playLoad(lab, clock, burstyLoad({ seed, seconds }))`, then `clock.advance(…)`.
   */
  groundTruth(): readonly RequestTruth[];
  /** What the cluster shows: the scenario it began with, or the last one it was turned into. */
  scenario(): ScenarioName;
  /** Turns the running cluster into another scenario. */
  show(scenario: ScenarioName): Promise<void>;
  /** Takes a pod away as a lost process; false where there is no such pod. */
  killPod(name: string, namespace?: string): boolean;
  /** Takes the Kubernetes API away: port closed, connections cut. The world goes on. */
  stopKubernetesApi(): Promise<void>;
  /** Brings it back on the same port. */
  startKubernetesApi(): Promise<void>;
  /** What goes wrong on demand. */
  readonly faults: Faults;
  /** Told when tokens or the API server's authority have changed, so that a kubeconfig can follow. */
  onCredentialsChanged(listener: () => void): void;
  stop(): Promise<void>;
}

export const DEFAULT_TIME_FACTOR = 0.1;
const DEFAULT_SEED = 20_251_229;
const BOOKMARK_INTERVAL_MS = 60_000;
/** The platform scrapes user workloads every 30 s; the lab more often, so that the short windows of a stage have enough samples. */
export const DEFAULT_SCRAPE_INTERVAL_MS = 5_000;
const REMEMBERED_REQUESTS = 5_000;
const APPS_DOMAIN = 'apps.rhoai-demo.example.com';

function newToken(): string {
  return `sha256~${randomBytes(32).toString('base64url')}`;
}

interface Tokens {
  admin: string;
  reader: string;
}

/** Gives both users new tokens; earlier ones are worth nothing then. */
function renewTokens(users: Map<string, User>): Tokens {
  const tokens = { admin: newToken(), reader: newToken() };
  users.clear();
  users.set(tokens.admin, ADMINISTRATOR);
  users.set(tokens.reader, serviceAccountUser(DEMO_NAMESPACE, DASHBOARD, DASHBOARD_UID));
  return tokens;
}

/** Names under which the API server is reached. */
const API_NAMES = ['127.0.0.1', 'localhost', 'kubernetes.default.svc'];

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const clock = options.clock ?? realClock();
  const seed = options.seed ?? DEFAULT_SEED;
  const ports = options.ports ?? {};
  const authority: CertificateAuthority = createCertificateAuthority('llm-d live lab authority');
  const ledger = createRequestLedger(options.rememberedRequests ?? REMEMBERED_REQUESTS);
  let scenario = options.scenario ?? 'healthy';
  const world = createWorld({
    clock,
    seed,
    objects: await sceneOf(scenario),
    timeFactor: options.timeFactor ?? DEFAULT_TIME_FACTOR,
    createEngine: (engine) => createEngine({ ...engine, ledger }),
    listen: loopbackListen(createNamelessCertificate()),
  });

  await world.engines.settled();

  const users = new Map<string, User>();
  let tokens = renewTokens(users);
  let apiAuthority = authority;
  let nextAuthority = authority;
  const credentialListeners: (() => void)[] = [];
  const tellCredentials = (): void => {
    for (const listener of credentialListeners) listener();
  };
  const authorizer = createAuthorizer(world.store);
  const serviceAccountTokens = createServiceAccountTokens(world.store, clock);
  const apiDisturbance = calm();
  const ingressDisturbance = undisturbed();
  const api = createApiListener(
    createApiHandler({
      store: world.store,
      registry: world.registry,
      clock,
      random: seededRandom(seed),
      identifiers: createIdentifiers(seed + 1),
      authorizer,
      disturbance: apiDisturbance,
      users,
      serviceAccountTokens,
      podLogs: createPodLogs(world.cluster, world.engines),
      computed: kueueVisibility(world.cluster),
      webhooks: (kind, object) => runWebhooks(world.cluster, kind, object),
      bookmarkIntervalMs: options.bookmarkIntervalMs ?? BOOKMARK_INTERVAL_MS,
    }),
    authority.issue(API_NAMES),
    ports.kubernetes,
  );
  await api.start();

  const ingress: Ingress = await startIngress({
    world,
    clock,
    certificate: authority.issue([`*.${APPS_DOMAIN}`]),
    createPicker: createEndpointPicker,
    disturbance: ingressDisturbance,
    authorize: (token, namespace, name) => {
      const user = token === null ? undefined : (users.get(token) ?? serviceAccountTokens.userOf(token));
      if (user === undefined) return 401;
      const resource = 'llminferenceservices';
      const attributes = { verb: 'get', group: 'serving.kserve.io', resource, namespace, name };
      return authorizer.decide(user, attributes).isAllowed ? 200 : 403;
    },
    ...(ports.https === undefined ? {} : { httpsPort: ports.https }),
    ...(ports.http === undefined ? {} : { httpPort: ports.http }),
  });

  const platformTargets = createPlatformTargets(world);
  const unscrapedPods = new Set<string>();
  const metrics = await startMetrics(
    {
      clock,
      scrapeIntervalMs: options.scrapeIntervalMs ?? DEFAULT_SCRAPE_INTERVAL_MS,
      canRead: (token, namespace, verb) => {
        const user = users.get(token);
        if (user === undefined) return null;
        const attributes = { verb, group: 'metrics.k8s.io', resource: 'pods', namespace };
        return { user: user.name, isAllowed: authorizer.decide(user, attributes).isAllowed };
      },
      targets: () => [
        ...scrapeTargets({
          world,
          pickerPage: (namespace, pool) => ingress.picker(namespace, pool).metricsText(),
          unscrapedPods,
        }),
        ...platformTargets(),
      ],
    },
    { prometheus: ports.prometheus ?? 0, tenancy: ports.tenancy ?? 0 },
    options.prometheusProgram,
  );

  const visitors = startVisitors({
    clock,
    seed,
    world,
    httpsPort: ingress.httpsPort,
    httpPort: ingress.httpPort,
    counts: { baseline: options.users?.baseline ?? 0, distributed: options.users?.distributed ?? 0 },
  });

  const faults = createFaults(
    {
      world,
      api: apiDisturbance,
      ingress: ingressDisturbance,
      engines: createEngineFaultBoard(world.engines),
      metrics: { faults: metrics.embedded?.faults ?? null, unscrapedPods },
      stopApi: api.stop,
      startApi: api.start,
      stallApi: api.stall,
      resumeApi: api.resume,
      revokeTokens: () => {
        users.clear();
        serviceAccountTokens.revokeAll();
      },
      renewTokens: () => {
        tokens = renewTokens(users);
        tellCredentials();
      },
      changeAuthority: () => {
        nextAuthority = createCertificateAuthority('llm-d live lab authority, renewed');
        api.setCertificate(nextAuthority.issue(API_NAMES));
      },
      publishAuthority: () => {
        apiAuthority = nextAuthority;
        tellCredentials();
      },
    },
    clock,
  );

  const kubernetes = `https://127.0.0.1:${api.port}`;
  return {
    urls: {
      kubernetes,
      prometheus: metrics.url,
      prometheusTenancy: metrics.tenancyUrl,
      ingressHttps: `https://127.0.0.1:${ingress.httpsPort}`,
      ingressHttp: `http://127.0.0.1:${ingress.httpPort}`,
    },
    get tokens() {
      return tokens;
    },
    authorityPem: authority.certificatePem,
    get kubeconfig() {
      return kubeconfigText({
        server: kubernetes,
        authorityPem: apiAuthority.certificatePem,
        adminToken: tokens.admin,
        readerToken: tokens.reader,
        namespace: DEMO_NAMESPACE,
      });
    },
    faults,
    onCredentialsChanged: (listener) => {
      credentialListeners.push(listener);
    },
    connectTo: `443=127.0.0.1:${ingress.httpsPort},80=127.0.0.1:${ingress.httpPort}`,
    world,
    prometheus: metrics.embedded,
    visitors,
    groundTruth: () => ledger.requests(),
    scenario: () => scenario,
    show: async (name) => {
      const objects = await sceneOf(name);
      world.announce('ScenarioChanged', `The lab turns the cluster from ${scenario} into ${name}`);
      scenario = name;
      world.show(objects);
    },
    killPod: world.killPod,
    stopKubernetesApi: async () => {
      world.announce('KubernetesApiStopped', 'The lab took the Kubernetes API away');
      await api.stop();
    },
    startKubernetesApi: async () => {
      await api.start();
      world.announce('KubernetesApiStarted', 'The lab brought the Kubernetes API back');
    },
    stop: async () => {
      visitors.stop();
      world.stop();
      await Promise.all([api.stop(), ingress.stop(), metrics.stop()]);
    },
  };
}
