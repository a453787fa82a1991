import type { ClusterSnapshot } from './cluster';
import { effectivePort } from './effective-port';
import { defaultPath, type EndpointPath, isOfCluster } from './endpoints';
import { enginePods } from './objects/arms';
import { argumentValue, effectiveArguments, engineContainer } from './objects/engine-arguments';
import { podGpus } from './objects/gpus';
import { isPodReady } from './objects/pod-state';
import type { ProbeResult } from './probe';
import type { DemoSettings } from './settings';
import type { Arm, UnixMs, UsedPath } from './vocabulary';

export const LANE_FACT_IDS = ['model', 'quantization', 'context', 'replicas', 'gpus', 'engine'] as const;
export type LaneFactId = (typeof LANE_FACT_IDS)[number];

/** One thing that shapes a lane's answers besides the question, and how it is known. */
export interface LaneFact {
  id: LaneFactId;
  /** `null` where nothing tells. */
  value: string | number | null;
  /** Object, argument or request that told it, or why it is not known. */
  source: string;
}

export interface LanePath {
  path: UsedPath;
  /** Where completions are sent; `null` where the objects give no address. */
  url: string | null;
  usable: boolean;
  schedulerInPath: boolean | null;
  /** Whether the server's certificate is verified; not where it is the engines' own, which carries no names. */
  verifiesTls: boolean;
  /** The port for which INGRESS_CONNECT_TO names another place to connect to; `null` where the address itself is connected to. */
  connectsInsteadOfPort: number | null;
  finding: string;
}

export interface LaneFacts {
  arm: Arm;
  /** The name its server answers to. */
  servedModelName: string;
  /** Of what the cluster's objects lead to. */
  facts: LaneFact[];
  /** Of the configured URL, from its own answers only: nobody knows which objects it leads to. `null` where there is none. */
  configuredFacts: LaneFact[] | null;
  /** Last proof of life of the pods that the facts count, ISO 8601; `null` where they were never seen. */
  podsSeenAt: string | null;
  /** In the order in which they are tried. */
  paths: LanePath[];
  /** The path taken when none is asked for. */
  usedPath: UsedPath | null;
  /** A bearer token is sent along ($MODEL_API_KEY in the equivalent curl). */
  sendsKey: boolean;
  /** MODEL_CA_FILE is trusted beside the usual authorities. */
  trustsOwnCa: boolean;
}

export interface LaneFactsInput {
  arm: Arm;
  settings: DemoSettings;
  cluster: ClusterSnapshot;
  paths: readonly EndpointPath[];
  probes: readonly ProbeResult[];
  /** Longest prompt plus answer by the /v1/models of one kind of way. */
  contextTokens: { cluster: number | null; configured: number | null };
  servedModelName: string;
  sendsKey: boolean;
  trustsOwnCa: boolean;
  /** Ports that INGRESS_CONNECT_TO names. */
  ingressPorts: ReadonlySet<number>;
}

/** What a lane can say of itself, from objects and from what its server answers. */
export function toLaneFacts(input: LaneFactsInput): LaneFacts {
  const ofCluster = input.paths.filter((path) => isOfCluster(path, input.paths));
  return {
    arm: input.arm,
    servedModelName: input.servedModelName,
    facts: [
      modelFact(input),
      quantizationFact(input),
      contextFact(input.contextTokens.cluster),
      ...podFacts(input),
      engineFact(input, ofCluster),
    ],
    configuredFacts: ofCluster.length === input.paths.length ? null : toConfiguredFacts(input),
    podsSeenAt: toIso(input.cluster.resources.pods.lastProofAt),
    paths: input.paths.map((path) => toLanePath(path, input.ingressPorts)),
    usedPath: defaultPath(input.paths)?.path ?? null,
    sendsKey: input.sendsKey,
    trustsOwnCa: input.trustsOwnCa,
  };
}

function toIso(at: UnixMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function toLanePath(
  { path, baseUrl, usable, throughScheduler, verifyTls, viaIngress, finding }: EndpointPath,
  ingressPorts: ReadonlySet<number>,
): LanePath {
  const port = baseUrl === null || !viaIngress ? null : effectivePort(new URL(baseUrl));
  return {
    path,
    url: baseUrl === null ? null : `${baseUrl}/v1/chat/completions`,
    usable,
    schedulerInPath: throughScheduler,
    verifiesTls: verifyTls,
    connectsInsteadOfPort: port !== null && ingressPorts.has(port) ? port : null,
    finding,
  };
}

/** The facts that hold for answers by the given way; `null` is the way taken when none is asked for. */
export function factsByPath(
  { facts, configuredFacts, usedPath }: Pick<LaneFacts, 'facts' | 'configuredFacts' | 'usedPath'>,
  path: UsedPath | null,
): LaneFact[] {
  return (path ?? usedPath) === 'override' ? (configuredFacts ?? facts) : facts;
}

const NOT_TOLD = 'the URL is configured, and no object of the cluster says where it leads';

function toConfiguredFacts({ arm, contextTokens, probes }: LaneFactsInput): LaneFact[] {
  const version = probes.find((probe) => probe.arm === arm && probe.path === 'override')?.engineVersion;
  return [
    { id: 'model', value: null, source: NOT_TOLD },
    { id: 'quantization', value: null, source: NOT_TOLD },
    contextFact(contextTokens.configured),
    { id: 'replicas', value: null, source: NOT_TOLD },
    { id: 'gpus', value: null, source: NOT_TOLD },
    {
      id: 'engine',
      value: version ?? null,
      source: version === undefined ? 'GET /version does not tell' : 'GET /version by configured URL',
    },
  ];
}

interface ModelSource {
  uri: string | null;
  object: string;
}

function modelSource({ arm, settings, cluster }: LaneFactsInput): ModelSource {
  switch (arm) {
    case 'baseline': {
      const service = cluster.resources.inferenceservices.items.find(
        ({ meta }) => meta.name === settings.baselineName,
      );
      return {
        uri: service?.modelUri ?? null,
        object: `InferenceService ${settings.baselineName}, storageUri`,
      };
    }
    case 'distributed': {
      const service = cluster.resources.llminferenceservices.items.find(
        ({ meta }) => meta.name === settings.distributedName,
      );
      return {
        uri: service?.model.uri ?? null,
        object: `LLMInferenceService ${settings.distributedName}, spec.model.uri`,
      };
    }
    default:
      return arm satisfies never;
  }
}

function modelFact(input: LaneFactsInput): LaneFact {
  const { uri, object } = modelSource(input);
  const name = uri === null ? null : modelNameOf(uri);
  return { id: 'model', value: name, source: name === null ? `${object} does not tell` : object };
}

/** The last part of a model's address, without the tag and the packaging's own prefix. */
function modelNameOf(uri: string): string | null {
  const last = uri
    .replace(/[?#].*$/, '')
    .split('/')
    .findLast((part) => part !== '');
  const name = last?.replace(/(?<!^)[:@].*$/, '').replace(/^modelcar-/, '') ?? '';
  return name === '' ? null : name;
}

const QUANTIZATION = /(?:^|[-._])(w\d{1,2}a\d{1,2}|fp8|int[48]|awq|gptq|bf16|fp16)(?:$|[-._])/i;

function quantizationFact(input: LaneFactsInput): LaneFact {
  const pod = enginePods(input.cluster.resources.pods.items, input.arm, input.settings)[0];
  const argument = pod === undefined ? null : argumentValue(effectiveArguments(pod), '--quantization');
  if (argument !== null) return { id: 'quantization', value: argument, source: 'argument --quantization' };
  const { uri, object } = modelSource(input);
  const named = QUANTIZATION.exec((uri === null ? null : modelNameOf(uri)) ?? '')?.[1] ?? null;
  return {
    id: 'quantization',
    value: named?.toLowerCase() ?? null,
    source:
      named === null
        ? 'neither the arguments nor the name of the model tell'
        : `name of the model in ${object}`,
  };
}

function contextFact(contextTokens: number | null): LaneFact {
  return {
    id: 'context',
    value: contextTokens,
    source: contextTokens === null ? 'GET /v1/models does not tell' : 'GET /v1/models, max_model_len',
  };
}

function podFacts({ arm, settings, cluster }: LaneFactsInput): LaneFact[] {
  const { items, lastProofAt } = cluster.resources.pods;
  if (lastProofAt === null) {
    const source = 'the pods are not known';
    return [
      { id: 'replicas', value: null, source },
      { id: 'gpus', value: null, source },
    ];
  }
  const ready = enginePods(items, arm, settings).filter(isPodReady);
  const source = `ready engine pods: ${ready.map(({ meta }) => meta.name).join(', ') || 'none'}`;
  return [
    { id: 'replicas', value: ready.length, source },
    { id: 'gpus', value: ready.reduce((sum, pod) => sum + podGpus(pod.containers), 0), source },
  ];
}

function engineFact(
  { arm, settings, cluster, probes }: LaneFactsInput,
  ofCluster: readonly EndpointPath[],
): LaneFact {
  const own = probes.filter(
    (probe) => probe.arm === arm && ofCluster.some(({ path }) => path === probe.path),
  );
  const told = own.find(({ engineVersion }) => engineVersion !== undefined);
  if (told?.engineVersion !== undefined) {
    const way = told.path === 'override' ? 'configured URL' : told.path;
    return { id: 'engine', value: told.engineVersion, source: `GET /version by ${way}` };
  }
  const pod = enginePods(cluster.resources.pods.items, arm, settings).find(isPodReady);
  const image = pod === undefined ? null : (engineContainer(pod)?.image ?? null);
  const asked = own.some(({ kind }) => kind === 'models');
  return {
    id: 'engine',
    value: image,
    source:
      image !== null
        ? 'image of the engine container'
        : asked
          ? 'GET /version does not tell'
          : 'not asked yet',
  };
}
