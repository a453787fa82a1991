/** Puts the lab together: world, Kubernetes API, ingress, metrics. Tests and the command line start it through here. */
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  createNamelessCertificate,
} from './certificates/certificate.ts';
import { type Clock, realClock } from './clock.ts';
import { createEndpointPicker } from './inference-api/endpoint-picker.ts';
import { createEngine } from './inference-api/engine.ts';
import { type Ingress, startIngress } from './ingress/ingress.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { ADMINISTRATOR, serviceAccountUser, type User } from './kubernetes-api/access.ts';
import { createIdentifiers } from './kubernetes-api/identifiers.ts';
import { createApiListener } from './kubernetes-api/listener.ts';
import { createAuthorizer } from './kubernetes-api/rbac.ts';
import { createApiHandler } from './kubernetes-api/server.ts';
import { startVisitors, type VisitorCounts, type Visitors } from './load/visitors.ts';
import type { EmbeddedPrometheus, PrometheusOptions } from './parts.ts';
import { createPrometheus } from './prometheus-api/prometheus.ts';
import { startPrometheusProgram } from './prometheus-program/prometheus-program.ts';
import { seededRandom } from './random.ts';
import { SCENARIOS, type ScenarioName } from './scenarios.ts';
import { loopbackListen } from './world/engines.ts';
import { DASHBOARD, DASHBOARD_UID } from './world/platform/access.ts';
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
  /** A prometheus program to use instead of the embedded one, and where its configuration and data may go. */
  prometheusProgram?: { path: string; folder: string };
}

export interface LabUrls {
  kubernetes: string;
  prometheus: string;
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
  /** Takes a pod away as a lost process; false where there is no such pod. */
  killPod(name: string, namespace?: string): boolean;
  /** Takes the Kubernetes API away: port closed, connections cut. The world goes on. */
  stopKubernetesApi(): Promise<void>;
  /** Brings it back on the same port. */
  startKubernetesApi(): Promise<void>;
  stop(): Promise<void>;
}

export const DEFAULT_TIME_FACTOR = 0.1;
const DEFAULT_SEED = 20_251_229;
const BOOKMARK_INTERVAL_MS = 60_000;
/** The platform scrapes user workloads every 30 s; the lab more often, so that the short windows of a stage have enough samples. */
export const DEFAULT_SCRAPE_INTERVAL_MS = 5_000;
const APPS_DOMAIN = 'apps.rhoai-demo.example.com';

function newToken(): string {
  return `sha256~${randomBytes(32).toString('base64url')}`;
}

function createUsers(): { users: Map<string, User>; tokens: { admin: string; reader: string } } {
  const tokens = { admin: newToken(), reader: newToken() };
  const users = new Map([
    [tokens.admin, ADMINISTRATOR],
    [tokens.reader, serviceAccountUser(DEMO_NAMESPACE, DASHBOARD, DASHBOARD_UID)],
  ]);
  return { users, tokens };
}

interface Metrics {
  url: string;
  embedded: EmbeddedPrometheus | null;
  stop(): Promise<void>;
}

async function startEmbeddedMetrics(options: PrometheusOptions, port: number): Promise<Metrics> {
  const embedded = createPrometheus(options);
  const server = createHttpServer((request, response) => embedded.handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    embedded,
    stop: () =>
      new Promise((resolve) => {
        embedded.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function startMetrics(
  options: PrometheusOptions,
  port: number,
  program: LabOptions['prometheusProgram'],
): Promise<Metrics> {
  if (program === undefined) return startEmbeddedMetrics(options, port);
  const { scrapeIntervalMs, targets } = options;
  const started = await startPrometheusProgram({ ...program, port, scrapeIntervalMs, targets });
  return { ...started, embedded: null };
}

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const clock = options.clock ?? realClock();
  const seed = options.seed ?? DEFAULT_SEED;
  const ports = options.ports ?? {};
  const authority: CertificateAuthority = createCertificateAuthority('llm-d live lab authority');
  const scenario = options.scenario ?? 'healthy';
  const world = createWorld({
    clock,
    seed,
    objects: SCENARIOS[scenario].objects(),
    timeFactor: options.timeFactor ?? DEFAULT_TIME_FACTOR,
    createEngine,
    listen: loopbackListen(createNamelessCertificate()),
  });

  await world.engines.settled();

  const { users, tokens } = createUsers();
  const api = createApiListener(
    createApiHandler({
      store: world.store,
      registry: world.registry,
      clock,
      random: seededRandom(seed),
      identifiers: createIdentifiers(seed + 1),
      authorizer: createAuthorizer(world.store),
      users,
      podLogs: createPodLogs(world.cluster, world.engines),
      webhooks: (kind, object) => runWebhooks(world.cluster, kind, object),
      bookmarkIntervalMs: options.bookmarkIntervalMs ?? BOOKMARK_INTERVAL_MS,
    }),
    authority.issue(['127.0.0.1', 'localhost', 'kubernetes.default.svc']),
    ports.kubernetes,
  );
  await api.start();

  const ingress: Ingress = await startIngress({
    world,
    clock,
    certificate: authority.issue([`*.${APPS_DOMAIN}`]),
    createPicker: createEndpointPicker,
    ...(ports.https === undefined ? {} : { httpsPort: ports.https }),
    ...(ports.http === undefined ? {} : { httpPort: ports.http }),
  });

  const metrics = await startMetrics(
    {
      clock,
      scrapeIntervalMs: options.scrapeIntervalMs ?? DEFAULT_SCRAPE_INTERVAL_MS,
      targets: () =>
        scrapeTargets({
          world,
          pickerPage: (namespace, pool) => ingress.picker(namespace, pool).metricsText(),
        }),
    },
    ports.prometheus ?? 0,
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

  const kubernetes = `https://127.0.0.1:${api.port}`;
  return {
    urls: {
      kubernetes,
      prometheus: metrics.url,
      ingressHttps: `https://127.0.0.1:${ingress.httpsPort}`,
      ingressHttp: `http://127.0.0.1:${ingress.httpPort}`,
    },
    tokens,
    authorityPem: authority.certificatePem,
    kubeconfig: kubeconfigText({
      server: kubernetes,
      authorityPem: authority.certificatePem,
      adminToken: tokens.admin,
      readerToken: tokens.reader,
      namespace: DEMO_NAMESPACE,
    }),
    connectTo: `443=127.0.0.1:${ingress.httpsPort},80=127.0.0.1:${ingress.httpPort}`,
    world,
    prometheus: metrics.embedded,
    visitors,
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
