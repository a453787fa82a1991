import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { listText, sentence } from './wording';

export const OPERATIONS_GATES: readonly GateRow[] = [
  {
    id: 'benchmark-job',
    layer: 'observability',
    title: 'Benchmark job',
    required: false,
    dependsOn: [],
    why: 'The daily GuideLLM run gives the measured history the claims are compared with.',
    remedy: 'Deploy step 07, or resume the CronJob.',
    owner: 'user',
    document: null,
    command: (settings) => `oc get cronjobs.batch ${settings.benchmarkCronJob} -n ${settings.namespace}`,
    evaluate: evaluateBenchmark,
  },
  {
    id: 'argocd-application',
    layer: 'observability',
    title: 'GitOps application',
    required: false,
    dependsOn: [],
    why: 'What runs should be what Git says. Argo CD has no health rule for LLMInferenceService, so Healthy does not mean that the model serves.',
    remedy: 'Sync the Application, or repair what its operation state names; self-heal undoes manual edits.',
    owner: 'user',
    document: DOCUMENTS.gitops,
    command: ({ argocdApplication }) =>
      `oc get applications.argoproj.io ${argocdApplication.name} -n ${argocdApplication.namespace}`,
    evaluate: evaluateApplication,
  },
];

const DAY_MS = 24 * 60 * 60_000;

function evaluateBenchmark(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'cronjob');
  if (sight.kind === 'hidden') return sight.outcome;
  const { benchmarkCronJob, namespace } = input.settings;
  const job =
    sight.kind === 'seen' ? sight.items.find((item) => item.meta.name === benchmarkCronJob) : undefined;
  if (job === undefined) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: `CronJob ${benchmarkCronJob} does not exist in ${namespace}.`,
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
    };
  }
  const evidence = [
    kubernetesEvidence(
      sight.view,
      {
        name: job.meta.name,
        schedule: job.schedule,
        suspended: job.suspended,
        lastScheduleTime: job.lastScheduleAt,
        lastSuccessfulTime: job.lastSuccessAt,
      },
      input.now,
    ),
  ];
  const name = `CronJob ${job.meta.name} (${job.schedule ?? 'no schedule'})`;
  const lastText = job.lastSuccessAt === null ? 'no success recorded' : `last success ${job.lastSuccessAt}`;
  if (job.suspended) return { status: 'warn', finding: `${name} is suspended; ${lastText}.`, evidence };
  const recent = job.lastSuccessAt !== null && input.now - Date.parse(job.lastSuccessAt) <= DAY_MS;
  return { status: recent ? 'pass' : 'warn', finding: `${name} is active; ${lastText}.`, evidence };
}

function evaluateApplication(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'application');
  if (sight.kind === 'hidden') return sight.outcome;
  const { namespace, name } = input.settings.argocdApplication;
  if (sight.kind === 'not-installed') {
    return {
      status: 'not-applicable',
      reason: 'not-installed',
      finding: 'OpenShift GitOps is not installed.',
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now)],
    };
  }
  const application = sight.items.find((item) => item.meta.name === name);
  if (application === undefined) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: `Application ${name} does not exist in ${namespace}.`,
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
    };
  }
  const { syncStatus, healthStatus, operation, outOfSync, conditions } = application;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      {
        sync: syncStatus,
        health: healthStatus,
        revision: application.revision,
        operation,
        outOfSync: outOfSync.slice(0, 10),
        conditions: conditions.slice(0, 5),
      },
      input.now,
    ),
  ];
  const state = `${name} is ${syncStatus ?? 'without sync status'} and ${healthStatus ?? 'without health'}`;
  if (operation?.phase === 'Failed' || operation?.phase === 'Error') {
    return {
      status: 'fail',
      finding: sentence(
        `${state}; its last operation has ${operation.phase === 'Failed' ? 'failed' : 'ended in error'}: ${operation.message ?? 'no message'}`,
      ),
      evidence,
    };
  }
  if (healthStatus === 'Degraded' || healthStatus === 'Missing') {
    return { status: 'fail', finding: `${state}.`, evidence };
  }
  if (syncStatus === 'Synced' && healthStatus === 'Healthy')
    return { status: 'pass', finding: `${state}.`, evidence };
  const different = outOfSync.map((item) => `${item.kind} ${item.name}`).slice(0, 3);
  return {
    status: 'warn',
    progressing: healthStatus === 'Progressing' || operation?.phase === 'Running',
    finding: `${state}${different.length === 0 ? '' : `: ${listText(different)} differ from Git`}.`,
    evidence,
  };
}
