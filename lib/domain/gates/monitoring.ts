import { ARMS, type Arm } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { metricsEvidence, unseenReason, whenFresh } from './metrics-sight';
import { lookAt } from './sight';
import { listText, sentence } from './wording';

export const MONITORING_GATES: readonly GateRow[] = [
  {
    id: 'user-workload-monitoring',
    layer: 'observability',
    title: 'User workload monitoring',
    required: false,
    dependsOn: [],
    why: 'Without it OpenShift scrapes platform namespaces only, and no monitor in the demo’s namespace is looked at.',
    remedy: 'Set enableUserWorkload: true in ConfigMap cluster-monitoring-config of openshift-monitoring.',
    owner: 'cluster-admin',
    document: DOCUMENTS.userWorkloadMonitoring,
    command: () => 'oc get cm cluster-monitoring-config -n openshift-monitoring -o yaml',
    evaluate: evaluateUserWorkload,
  },
  {
    id: 'scrape-paths',
    layer: 'observability',
    title: 'One scrape path per pod',
    required: false,
    dependsOn: ['metrics-source'],
    why: 'The controller’s PodMonitor renames every series to kserve_vllm:, the demo’s ServiceMonitor keeps vllm:. With both at work every sum outside this dashboard counts double.',
    remedy: 'Remove one of the monitors; this dashboard itself counts every pod once.',
    owner: 'user',
    document: null,
    command: ({ namespace }) =>
      `oc get servicemonitors.monitoring.coreos.com,podmonitors.monitoring.coreos.com -n ${namespace}`,
    evaluate: evaluateScrapePaths,
  },
];

function evaluateUserWorkload(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'monitoring-config');
  if (sight.kind === 'hidden') return sight.outcome;
  const config = sight.kind === 'seen' ? sight.items[0] : undefined;
  if (config === undefined) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: 'ConfigMap cluster-monitoring-config does not exist, so user workload monitoring is off.',
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
    };
  }
  const evidence = [
    kubernetesEvidence(sight.view, { enableUserWorkload: config.enableUserWorkload }, input.now),
  ];
  switch (config.enableUserWorkload) {
    case true:
      return { status: 'pass', finding: 'User workload monitoring is switched on.', evidence };
    case false:
      return {
        status: 'fail',
        finding: 'User workload monitoring is switched off in cluster-monitoring-config.',
        evidence,
      };
    case null:
      return { status: 'warn', finding: 'The configuration of cluster monitoring cannot be read.', evidence };
    default:
      return config.enableUserWorkload satisfies never;
  }
}

function evaluateScrapePaths(input: ChecklistInput): GateOutcome {
  const { source } = input.metrics;
  const evidence = ARMS.map((arm) =>
    metricsEvidence(input, input.metrics.arms[arm].promql, { arm, scrapes: input.metrics.arms[arm].scrapes }),
  );
  const unseen = unseenReason(source.state);
  if (unseen !== null) {
    return {
      status: 'unknown',
      reason: unseen,
      finding: sentence(source.detail),
      evidence: unseen === 'not-configured' || unseen === 'syncing' ? [] : evidence,
    };
  }
  const doubled = ARMS.flatMap((arm) => doubledScrapes(arm, input));
  if (doubled.length > 0) {
    return whenFresh(input, { status: 'warn', finding: sentence(doubled.join('; ')), evidence });
  }
  const scrapes = ARMS.flatMap((arm) => input.metrics.arms[arm].scrapes);
  return whenFresh(
    input,
    scrapes.length === 0
      ? { status: 'not-applicable', finding: 'No engine series is scraped at all.', evidence }
      : {
          status: 'pass',
          finding: sentence(
            `Every pod is scraped once, by ${listText([...new Set(scrapes.map(({ job }) => job))])}`,
          ),
          evidence,
        },
  );
}

function doubledScrapes(arm: Arm, input: ChecklistInput): string[] {
  const { scrapes } = input.metrics.arms[arm];
  const overlapping = scrapes.filter((scrape) =>
    scrapes.some((other) => other !== scrape && other.pods.some((pod) => scrape.pods.includes(pod))),
  );
  return overlapping.length === 0
    ? []
    : [
        `pods of the ${arm} arm are scraped ${overlapping.length} times, by ${listText(overlapping.map(({ job, family }) => `${job} (${family})`))}: sums over both count them double`,
      ];
}
