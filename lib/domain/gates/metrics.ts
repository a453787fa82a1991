import type { Evidence } from '../checklist';
import type { ArmMetrics } from '../metrics-facts';
import { isReadable } from '../readable';
import type { Arm, GateReason, SourceState } from '../vocabulary';
import { boundExcerpt, isoTime, kubernetesEvidence } from './evidence';
import { asStale } from './freshness';
import type { ChecklistInput, GateId, GateOutcome, GateRow } from './gate-row';
import { count, listText, sentence } from './wording';

export const METRICS_GATES: readonly GateRow[] = [
  {
    id: 'metrics-source',
    layer: 'observability',
    title: 'Metrics source',
    required: true,
    dependsOn: [],
    why: 'Every curve of the comparison is a query to this Prometheus API.',
    remedy:
      'Set PROMETHEUS_URL and its token; port 9091 needs cluster-monitoring-view, port 9092 needs view in the namespace and PROMETHEUS_NAMESPACE. Enable user workload monitoring.',
    owner: 'cluster-admin',
    document: null,
    command: () => 'oc get cm cluster-monitoring-config -n openshift-monitoring -o yaml',
    evaluate: evaluateSource,
  },
  metricsGate('metrics-baseline', 'baseline', 'Metrics of the baseline'),
  metricsGate('metrics-distributed', 'distributed', 'Metrics of the distributed service'),
];

function metricsGate(id: GateId, arm: Arm, title: string): GateRow {
  return {
    id,
    layer: 'observability',
    title,
    required: true,
    dependsOn: ['metrics-source'],
    why: 'An arm without fresh series cannot be compared; a series scraped twice counts double.',
    remedy:
      'Check ServiceMonitor and PodMonitor in the namespace, and that only one of them scrapes these pods.',
    owner: 'user',
    document: null,
    command: (settings) =>
      `oc get servicemonitors.monitoring.coreos.com,podmonitors.monitoring.coreos.com -n ${settings.namespace}`,
    evaluate: (input) => evaluateArm(input, arm),
  };
}

/** Two scrapes of 30 s: the longest silence of a source that still lives. */
const METRICS_FRESH_MS = 60_000;

function metricsEvidence(input: ChecklistInput, request: string, excerpt: unknown): Evidence {
  const { source } = input.metrics;
  return {
    source: 'prometheus',
    request,
    observedAt: isoTime(source.lastProofAt ?? input.now),
    httpStatus: source.httpStatus,
    excerpt: boundExcerpt(excerpt),
  };
}

function evaluateSource(input: ChecklistInput): GateOutcome {
  const { source } = input.metrics;
  const monitoring = input.cluster.resources['monitoring-config'];
  const userWorkload = isReadable(monitoring) ? (monitoring.items[0]?.enableUserWorkload ?? null) : null;
  const hint = userWorkload === false ? '; user workload monitoring is switched off' : '';
  const evidence = [
    metricsEvidence(input, source.request, { detail: source.detail, version: source.version }),
    ...(userWorkload === null
      ? []
      : [kubernetesEvidence(monitoring, { enableUserWorkload: userWorkload }, input.now)]),
  ];
  const unseen = unseenReason(source.state);
  if (unseen !== null) {
    return {
      status: 'unknown',
      reason: unseen,
      finding: sentence(`${source.detail}${hint}`),
      evidence: unseen === 'not-configured' || unseen === 'syncing' ? [] : evidence,
    };
  }
  const outcome: GateOutcome =
    userWorkload === false
      ? {
          status: 'warn',
          finding:
            'The metrics source answers, but user workload monitoring is switched off in cluster-monitoring-config.',
          evidence,
        }
      : { status: 'pass', finding: sentence(source.detail), evidence };
  return whenFresh(input, outcome);
}

/** Why a source in that state tells nothing; `null` where it can still be asked what it said. */
function unseenReason(
  state: SourceState,
): Extract<GateReason, 'forbidden' | 'unreachable' | 'not-configured' | 'syncing'> | null {
  switch (state) {
    case 'live':
    case 'reconnecting':
    case 'stale':
      return null;
    case 'syncing':
    case 'forbidden':
    case 'unreachable':
    case 'not-configured':
      return state;
    case 'unauthenticated':
    case 'not-installed':
      return 'unreachable';
    default:
      return state satisfies never;
  }
}

function whenFresh(input: ChecklistInput, outcome: GateOutcome): GateOutcome {
  const { lastProofAt } = input.metrics.source;
  if (lastProofAt === null) {
    return {
      ...outcome,
      status: 'unknown',
      reason: 'syncing',
      finding: 'The metrics source has not answered yet.',
      evidence: [],
    };
  }
  return input.now - lastProofAt > METRICS_FRESH_MS ? asStale(outcome, isoTime(lastProofAt)) : outcome;
}

function evaluateArm(input: ChecklistInput, arm: Arm): GateOutcome {
  const metrics = input.metrics.arms[arm];
  const evidence = [
    metricsEvidence(input, metrics.promql, {
      presence: metrics.presence,
      family: metrics.family,
      pods: metrics.pods,
      duplicateJobs: metrics.duplicateJobs,
      newestSampleAt: metrics.newestSampleAt === null ? null : isoTime(metrics.newestSampleAt),
    }),
  ];
  const sourceUnseen = unseenReason(input.metrics.source.state);
  if (sourceUnseen !== null) {
    return {
      status: 'unknown',
      reason: sourceUnseen,
      finding: sentence(metrics.finding),
      evidence: sourceUnseen === 'not-configured' || sourceUnseen === 'syncing' ? [] : evidence,
    };
  }
  return whenFresh(input, { ...judgeArm(metrics), evidence });
}

function judgeArm(metrics: ArmMetrics): Omit<GateOutcome, 'evidence'> {
  switch (metrics.presence) {
    case 'ok':
    case 'no-traffic':
      return metrics.duplicateJobs.length > 1
        ? {
            status: 'warn',
            finding: `The same pods are scraped by ${listText(metrics.duplicateJobs)}: sums count them twice.`,
          }
        : {
            status: 'pass',
            finding: sentence(
              metrics.finding !== ''
                ? metrics.finding
                : `${metrics.family ?? 'Engine'} series of ${count(metrics.pods.length, 'pod')} are there`,
            ),
          };
    case 'stale':
    case 'partial':
      return { status: 'warn', finding: sentence(metrics.finding) };
    case 'not-scraped':
      return { status: 'fail', finding: sentence(metrics.finding) };
    case 'forbidden':
    case 'unreachable':
    case 'not-configured':
      return { status: 'unknown', reason: metrics.presence, finding: sentence(metrics.finding) };
    default:
      return metrics.presence satisfies never;
  }
}
