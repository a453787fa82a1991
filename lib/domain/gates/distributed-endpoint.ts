import type { Evidence } from '../checklist';
import { admittedHost, findHttpRoute, findRoutes, httpRouteProblem } from '../endpoint-objects';
import { resolveEndpoints } from '../endpoints';
import { schedulerPods } from '../objects/arms';
import { findCondition } from '../objects/meta';
import { isPodReady } from '../objects/pod-state';
import type { ProbeResult } from '../probe';
import { answeredWell, latestProbe, newestPerPath } from '../probe-choice';
import { isReadable, knownPods } from '../readable';
import type { UsedPath } from '../vocabulary';
import { answerWords, judgeAnswers, nameProblem, refusedOutcome } from './answers';
import { podExcerpt } from './arm-evidence';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence, probeEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { sentence } from './wording';

export const DISTRIBUTED_ENDPOINT_GATES: readonly GateRow[] = [
  {
    id: 'distributed-route',
    layer: 'application',
    title: 'External address',
    required: false,
    dependsOn: ['distributed-ready', 'inference-gateway-object', 'connectivity-link'],
    why: 'Without an admitted address nobody outside the cluster can use the service.',
    remedy:
      'Create the Gateway, or apply the Route of step 08 (which bypasses scheduler and authentication).',
    owner: 'user',
    document: DOCUMENTS.deploying,
    command: (settings) =>
      `oc get httproutes.gateway.networking.k8s.io,routes.route.openshift.io -n ${settings.namespace}`,
    evaluate: evaluateRoute,
  },
  {
    id: 'distributed-answers',
    layer: 'application',
    title: 'Distributed service answers',
    required: true,
    dependsOn: ['distributed-ready', 'distributed-pods', 'distributed-route'],
    why: 'Only a completion through the Gateway proves the scheduled path: /v1/models and the Route go around the scheduler.',
    remedy:
      'Follow the request path on the Placement screen; 401 or 403 wants a token, 404 a right name or path, 5xx a look at Gateway and scheduler.',
    owner: 'user',
    document: DOCUMENTS.deploying,
    command: (settings) =>
      `curl -s http://$(oc get gateways.gateway.networking.k8s.io ${settings.gateway.name} -n ${settings.gateway.namespace} -o jsonpath='{.status.addresses[0].value}')/${settings.namespace}/${settings.distributedName}/v1/completions -H 'Content-Type: application/json' -d '{"model":"${settings.distributedName}","prompt":"Hello","max_tokens":1}'`,
    evaluate: (input) =>
      judgeAnswers(input, 'distributed', (probes, servedName) =>
        judgeDistributedAnswers(input, probes, servedName),
      ),
  },
];

function evaluateRoute(input: ChecklistInput): GateOutcome {
  const httpSight = lookAt(input, 'httproutes');
  const routeSight = lookAt(input, 'routes');
  if (httpSight.kind === 'hidden' && routeSight.kind === 'hidden') return httpSight.outcome;
  const httpRoute = findHttpRoute(input.settings, input.cluster);
  const routes = findRoutes('distributed', input.settings, input.cluster);
  const paths = resolveEndpoints(input.settings, input.cluster, input.probes).distributed;
  const gatewayUrl = paths.find((path) => path.path === 'gateway')?.baseUrl ?? null;
  const problem = httpRoute === null ? null : httpRouteProblem(httpRoute);
  const admitted = routes.find((route) => admittedHost(route) !== null);
  const evidence = [
    ...(httpSight.kind === 'hidden'
      ? []
      : [
          kubernetesEvidence(
            httpSight.view,
            httpRoute === null
              ? { items: 0 }
              : {
                  name: httpRoute.meta.name,
                  parents: httpRoute.parents.map((parent) => ({
                    controllerName: parent.controllerName,
                    conditions: conditionsExcerpt(parent.conditions),
                  })),
                },
            input.now,
          ),
        ]),
    ...(routeSight.kind === 'hidden'
      ? []
      : [
          kubernetesEvidence(
            routeSight.view,
            routes.map((route) => ({
              name: route.meta.name,
              termination: route.termination,
              ingress: route.ingress.map((ingress) => ({
                host: ingress.host,
                admitted: ingress.admitted?.status ?? null,
                reason: ingress.admitted?.reason ?? null,
              })),
            })),
            input.now,
          ),
        ]),
  ];
  const byRoute =
    admitted === undefined
      ? null
      : `Route ${admitted.meta.name} is admitted at ${admittedHost(admitted)}, past scheduler and authentication`;
  if (httpRoute !== null && problem === null && gatewayUrl !== null) {
    const also = byRoute === null ? '' : `; ${byRoute}`;
    return {
      status: 'pass',
      finding: sentence(`HTTPRoute ${httpRoute.meta.name} is accepted at ${gatewayUrl}${also}`),
      evidence,
    };
  }
  const gatewayText =
    problem ?? (httpRoute === null ? 'there is no HTTPRoute' : 'the Gateway gives no address');
  if (byRoute !== null) {
    return { status: 'pass', finding: sentence(`${byRoute}; by Gateway not: ${gatewayText}`), evidence };
  }
  if (httpSight.kind === 'hidden') return httpSight.outcome;
  if (routeSight.kind === 'hidden') return routeSight.outcome;
  return {
    status: 'fail',
    reason: 'not-created',
    finding: sentence(
      `There is no external address: ${gatewayText}, and ${routes.length === 0 ? 'there is no Route' : 'no Route is admitted'}`,
    ),
    evidence,
  };
}

function judgeDistributedAnswers(
  input: ChecklistInput,
  probes: readonly ProbeResult[],
  servedName: string,
): GateOutcome {
  const evidence = probes.slice(0, 6).map(probeEvidence);
  const wrongName = nameProblem(probes, servedName);
  if (wrongName !== null) return wrongName;
  const lastWords = newestPerPath(probes, 'distributed');
  const gateway = lastWords.find((probe) => probe.path === 'gateway');
  const completion = latestProbe(probes, 'distributed', { path: 'gateway', kind: 'completion' });
  const completed = completion !== null && answeredWell(completion);
  // A later refusal of any kind outweighs an earlier completion.
  if (completed && gateway !== undefined && answeredWell(gateway)) {
    const pickerLoss = completion.schedulerSeen === true ? lostPicker(input, completion) : null;
    if (pickerLoss !== null) {
      return {
        status: 'warn',
        finding: sentence(
          `A completion was answered through the Gateway (${answerWords(probes, completion, input.now)}), but the scheduler it passed is not ready any more: what comes now may fall open past it`,
        ),
        evidence: [...evidence, pickerLoss],
      };
    }
    return completion.schedulerSeen === false
      ? {
          status: 'warn',
          finding:
            'A completion through the Gateway was answered without any sign of the scheduler: traffic falls open past it.',
          evidence,
        }
      : {
          status: 'pass',
          finding: sentence(
            `A completion was answered through the Gateway${completion.schedulerSeen === true ? ' and the scheduler' : ''}: ${answerWords(probes, completion, input.now)}`,
          ),
          evidence,
        };
  }
  const override = latestProbe(probes, 'distributed', { path: 'override', kind: 'completion' });
  if (override?.schedulerSeen === true && answeredWell(override)) {
    return {
      status: 'pass',
      finding: sentence(
        `A completion was answered at the configured URL and passed the scheduler: ${answerWords(probes, override, input.now)}`,
      ),
      evidence,
    };
  }
  const refusal = completed || completion === null ? gateway : completion;
  const gatewayText =
    refusal === undefined || answeredWell(refusal)
      ? 'no completion has come through the Gateway yet'
      : `the Gateway refuses: ${refusal.finding}`;
  const other = lastWords.find((probe) => probe.path !== 'gateway' && answeredWell(probe));
  if (other !== undefined) {
    const way =
      other.path === 'override'
        ? 'at the configured URL, no sign of the scheduler'
        : `by ${PATH_WORDS[other.path]} only, past the scheduler`;
    return { status: 'warn', finding: sentence(`It answers ${way}; ${gatewayText}`), evidence };
  }
  if (gateway !== undefined && answeredWell(gateway) && completion === null) {
    return {
      status: 'warn',
      finding:
        'The Gateway answers /v1/models, which does not pass the scheduler; no completion has been tried yet.',
      evidence,
    };
  }
  return gateway !== undefined && answeredWell(gateway)
    ? {
        status: 'fail',
        finding: sentence(`The Gateway answers /v1/models, but a completion fails: ${completion?.finding}`),
        evidence,
      }
    : refusedOutcome(probes);
}

/** Times of Kubernetes objects have whole seconds. */
const OBJECT_TIME_MS = 1_000;

/**
 * The list that shows that the picker is not ready any more since a completion passed it; `null` while one is ready, while none is
 * seen, and where the completion is newer than the loss.
 */
function lostPicker(input: ChecklistInput, completion: ProbeResult): Evidence | null {
  const { pods: own, 'pods-all': all } = input.cluster.resources;
  const view = isReadable(own) ? own : isReadable(all) ? all : null;
  if (view === null) return null;
  const pickers = schedulerPods(knownPods(input.settings, input.cluster).pods, input.settings);
  if (pickers.some(isPodReady)) return null;
  const lostAt = pickers.map((pod) =>
    Date.parse(pod.meta.deletedAt ?? findCondition(pod.conditions, 'Ready')?.changedAt ?? ''),
  );
  // Where there is no pod nobody tells since when: the completion that follows the change does.
  const isProvedSince = lostAt.every((at) => completion.observedAt > at + OBJECT_TIME_MS);
  return isProvedSince ? null : kubernetesEvidence(view, pickers.map(podExcerpt), input.now);
}

const PATH_WORDS = {
  gateway: 'Gateway',
  route: 'Route',
  service: 'Service',
  override: 'configured URL',
} as const satisfies Record<UsedPath, string>;
