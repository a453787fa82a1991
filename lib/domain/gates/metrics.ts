import type { ArmMetrics } from '../metrics-facts';
import { isReadable } from '../readable';
import type { Arm } from '../vocabulary';
import { isArmComingUp } from './arm-evidence';
import { DOCUMENTS } from './documents';
import { isoTime } from './evidence';
import type { ChecklistInput, GateId, GateOutcome, GateRow } from './gate-row';
import { metricsEvidence, unseenReason, whenFresh } from './metrics-sight';
import { count, sentence } from './wording';

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
    document: DOCUMENTS.userWorkloadMonitoring,
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
    dependsOn: [
      'metrics-source',
      'user-workload-monitoring',
      arm === 'baseline' ? 'baseline-ready' : 'distributed-ready',
    ],
    why: 'An arm without fresh series cannot be compared. The metrics of the newest scrape are what every curve ends with.',
    remedy: 'Check ServiceMonitor and PodMonitor in the namespace, and that the engine pods are ready.',
    owner: 'user',
    document: DOCUMENTS.modelMonitoring,
    command: (settings) =>
      `oc get servicemonitors.monitoring.coreos.com,podmonitors.monitoring.coreos.com -n ${settings.namespace}`,
    evaluate: (input) => evaluateArm(input, arm),
  };
}

function evaluateSource(input: ChecklistInput): GateOutcome {
  const { source } = input.metrics;
  const monitoring = input.cluster.resources['monitoring-config'];
  const userWorkload = isReadable(monitoring) ? (monitoring.items[0]?.enableUserWorkload ?? null) : null;
  const hint = userWorkload === false ? '; user workload monitoring is switched off' : '';
  // What the ConfigMap says is a hint, no evidence: the verdict must not age with the API server while Prometheus answers.
  const evidence = [
    metricsEvidence(input, source.request, {
      detail: source.detail,
      version: source.version,
      ...(userWorkload === null ? {} : { enableUserWorkload: userWorkload }),
    }),
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
  return whenFresh(input, { status: 'pass', finding: sentence(source.detail), evidence });
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
  const judged = judgeArm(metrics);
  // Pods that do not serve yet are not scraped yet.
  return judged.status === 'fail' && isArmComingUp(input, arm)
    ? whenFresh(input, { ...judged, status: 'warn', progressing: true, evidence })
    : whenFresh(input, { ...judged, evidence });
}

function judgeArm(metrics: ArmMetrics): Omit<GateOutcome, 'evidence'> {
  switch (metrics.presence) {
    case 'ok':
    case 'no-traffic':
      return {
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
