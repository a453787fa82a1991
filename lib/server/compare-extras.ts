import 'server-only';
import { pricesFileSchema, targetsFileSchema } from '@/lib/contracts/targets';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import type { ClientSample, Compare } from '@/lib/domain/compare';
import { type LoadSpell, toAnnotations } from '@/lib/domain/compare-annotations';
import { type EndpointPath, isOfCluster } from '@/lib/domain/endpoints';
import type { GuidellmFiles } from '@/lib/domain/guidellm';
import { answerLadders } from '@/lib/domain/guidellm-ladder';
import type { LoadSample } from '@/lib/domain/load';
import { PRICES_NOT_CONFIGURED, toArmCost } from '@/lib/domain/prices';
import type { DemoSettings } from '@/lib/domain/settings';
import { evaluateTargets, SHIPPED_TARGETS } from '@/lib/domain/targets';
import { ARMS, type Arm, type UnixMs } from '@/lib/domain/vocabulary';
import type { LoadSpan } from './load/load-service';
import type { ReadCompare } from './prometheus/read-compare';
import { createShowFile } from './show-file';

/** What one answer holds; the newest where there are more. */
const MAX_CLIENT_SAMPLES = 500;

export interface CompareExtrasOptions {
  settings: DemoSettings;
  pricesFile: string | null;
  targetsFile: string | null;
  cluster: () => ClusterSnapshot;
  /** The ways to each arm. */
  paths: () => Record<Arm, readonly EndpointPath[]>;
  samples: () => readonly LoadSample[];
  loads: () => readonly LoadSpan[];
  guidellm: () => Promise<GuidellmFiles>;
}

/** Puts what the cluster, the configuration and this dashboard know beside the curves of Prometheus. */
export function createCompareExtras(options: CompareExtrasOptions): {
  complete(read: ReadCompare): Promise<Compare>;
} {
  const { settings } = options;
  const pricesFile =
    options.pricesFile === null ? null : createShowFile('PRICES_FILE', options.pricesFile, pricesFileSchema);
  const targetsFile =
    options.targetsFile === null
      ? null
      : createShowFile('TARGETS_FILE', options.targetsFile, targetsFileSchema);

  return {
    async complete(read) {
      const [prices, targets, guidellm] = await Promise.all([
        pricesFile?.read() ?? null,
        targetsFile?.read() ?? null,
        options.guidellm(),
      ]);
      const { pods, nodes, events, routes } = options.cluster().resources;
      const from = Date.parse(read.range.from);
      const to = Date.parse(read.range.to);
      const table = prices?.value ?? null;
      const cost = (arm: Arm) =>
        toArmCost(arm, settings, pods.items, nodes.items, table, prices?.problem ?? PRICES_NOT_CONFIGURED);
      const costs = { baseline: cost('baseline'), distributed: cost('distributed') };
      const hypotheses = targets?.value ?? SHIPPED_TARGETS;
      const ladder = answerLadders(guidellm.runs, hypotheses.serviceLevel, costs);
      return {
        ...read,
        annotations: toAnnotations({
          settings,
          events: events.items,
          pods: pods.items,
          loads: options.loads().flatMap(toShownLoad),
          recorded: guidellm.runs,
          from,
          to,
        }),
        clientSamples: samplesBetween(options.samples(), from, to, mayLeadElsewhere(options.paths())),
        targets: evaluateTargets(hypotheses, read, ladder),
        serviceLevel: hypotheses.serviceLevel,
        fileProblems: [prices?.problem ?? null, targets?.problem ?? null].flatMap((problem) => problem ?? []),
        prices: table === null ? null : { currency: table.currency, asOf: table.asOf, source: table.source },
        costs,
        grafana: grafanaOf(routes.items),
      };
    },
  };
}

/** What went to a configured URL says nothing of the pods that are measured. */
function toShownLoad({ plan, unchartedArms, startedAt, endedAt }: LoadSpan): LoadSpell[] {
  const arms = plan.arms.filter((arm) => !unchartedArms.includes(arm));
  if (arms.length === 0) return [];
  return [
    {
      arm: arms.length === 1 ? (arms[0] ?? null) : null,
      users: plan.usersPerArm,
      startedAt: new Date(startedAt).toISOString(),
      endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    },
  ];
}

function mayLeadElsewhere(paths: Record<Arm, readonly EndpointPath[]>): readonly Arm[] {
  return ARMS.filter((arm) => paths[arm].some((path) => !isOfCluster(path, paths[arm])));
}

function samplesBetween(
  samples: readonly LoadSample[],
  from: UnixMs,
  to: UnixMs,
  elsewhere: readonly Arm[],
): ClientSample[] {
  return samples
    .filter(({ sentAt }) => Date.parse(sentAt) >= from && Date.parse(sentAt) <= to)
    .filter(({ arm, path }) => path !== 'override' || !elsewhere.includes(arm))
    .slice(-MAX_CLIENT_SAMPLES)
    .map(({ arm, origin, sentAt, ttftMs, meanItlMs, e2eMs, completionTokens }) => ({
      arm,
      origin,
      sentAt,
      ttftMs,
      meanItlMs,
      e2eMs,
      completionTokens,
    }));
}

/** The Grafana operator names its Service `<instance>-service` and its Route `<instance>-route` (demo-environment §11.5). */
function grafanaOf(routes: ClusterSnapshot['resources']['routes']['items']): string | null {
  const route = routes.find(
    ({ meta, service, ingress }) =>
      (/grafana/.test(meta.name) || /grafana/.test(service ?? '')) &&
      ingress.some(({ admitted }) => admitted?.status === 'True'),
  );
  if (route === undefined || route.host === null) return null;
  return `${route.termination === null ? 'http' : 'https'}://${route.host}/`;
}
