import { findHttpRoute, findRoutes } from '../endpoint-objects';
import type { Route } from '../objects/networking';
import { ARMS } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { sentence } from './wording';

const TIMEOUT_ANNOTATION = 'haproxy.router.openshift.io/timeout';
/** A long answer, or a long wait for its first token (demo-environment §19). */
const NEEDED_SECONDS = 120;
/** What the router does without an annotation; passthrough counts as a tunnel, which lasts an hour. */
const ROUTER_DEFAULT_SECONDS = 30;

export const STREAM_TIMEOUT_GATES: readonly GateRow[] = [
  {
    id: 'stream-timeouts',
    layer: 'application',
    title: 'Timeouts outlast a stream',
    required: false,
    dependsOn: [],
    why: 'KServe gives the baseline’s Route a timeout of 30 s: when the engine is busy and no token comes for that long, the router ends the answer with 504.',
    remedy: `oc annotate route NAME ${TIMEOUT_ANNOTATION}=300s --overwrite; leave the HTTPRoute’s timeouts at 0s.`,
    owner: 'user',
    document: DOCUMENTS.routes,
    command: ({ namespace }) =>
      `oc get routes.route.openshift.io -n ${namespace} -o custom-columns=ROUTE:.metadata.name,TIMEOUT:.metadata.annotations.haproxy\\.router\\.openshift\\.io/timeout`,
    evaluate: evaluateTimeouts,
  },
];

/** `30s`, `5m`, `1h30m`, `500ms`; `null`: not a duration. */
export function durationSeconds(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.trim()) return null;
  const seconds = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600, d: 86_400 };
  return parts.reduce((sum, part) => sum + Number(part[1]) * seconds[part[2] as keyof typeof seconds], 0);
}

interface Limit {
  name: string;
  written: string | null;
  /** `null`: no limit, or not readable. */
  seconds: number | null;
}

function evaluateTimeouts(input: ChecklistInput): GateOutcome {
  const routeSight = lookAt(input, 'routes');
  if (routeSight.kind === 'hidden') return routeSight.outcome;
  const httpSight = lookAt(input, 'httproutes');
  if (httpSight.kind === 'hidden') return httpSight.outcome;
  const routes = ARMS.flatMap((arm) => findRoutes(arm, input.settings, input.cluster)).map(routeLimit);
  const httpRoute = findHttpRoute(input.settings, input.cluster);
  const rules: Limit[] = (httpRoute?.timeouts ?? []).flatMap(({ request, backendRequest }) =>
    [request, backendRequest].flatMap((written): Limit[] => {
      if (written === null) return [];
      const seconds = durationSeconds(written);
      return [
        { name: `HTTPRoute ${httpRoute?.meta.name}`, written, seconds: seconds === 0 ? null : seconds },
      ];
    }),
  );
  const evidence = [
    kubernetesEvidence(routeSight.view, routes, input.now),
    kubernetesEvidence(httpSight.view, rules, input.now),
  ];
  if (routes.length === 0 && httpRoute === null) {
    return {
      status: 'not-applicable',
      finding: 'Neither a Route nor an HTTPRoute leads to the arms.',
      evidence,
    };
  }
  const short = [...routes, ...rules].filter(({ seconds }) => seconds !== null && seconds < NEEDED_SECONDS);
  return short.length === 0
    ? {
        status: 'pass',
        finding: `No Route or HTTPRoute of the arms ends a stream before ${NEEDED_SECONDS} s of silence.`,
        evidence,
      }
    : {
        status: 'warn',
        finding: sentence(
          [
            ...new Set(
              short.map(
                ({ name, written, seconds }) =>
                  `after ${seconds} s without data ${name} ends a stream${written === null ? ' (the router’s default)' : ''}, ${NEEDED_SECONDS} s are needed`,
              ),
            ),
          ].join('; '),
        ),
        evidence,
      };
}

function routeLimit(route: Route): Limit {
  const written = route.meta.annotations[TIMEOUT_ANNOTATION] ?? null;
  const name = `Route ${route.meta.name}`;
  if (written !== null) return { name, written, seconds: durationSeconds(written) };
  return { name, written, seconds: route.termination === 'passthrough' ? null : ROUTER_DEFAULT_SECONDS };
}
