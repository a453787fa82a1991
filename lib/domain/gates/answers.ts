import { resolveEndpoints } from '../endpoints';
import type { ProbeResult } from '../probe';
import { answeredWell, currentProbes, isFresh } from '../probe-choice';
import type { Arm, UnixMs } from '../vocabulary';
import { isArmComingUp } from './arm-evidence';
import { UNAUTHENTICATED } from './endpoint-authentication';
import { isoTime, kubernetesEvidence, probeEvidence } from './evidence';
import { asStale } from './freshness';
import type { ChecklistInput, GateOutcome } from './gate-row';
import { lookAt } from './sight';
import { sentence } from './wording';

/** Judges an arm by its live requests: fresh ones decide; old ones only tell what it last was. */
export function judgeAnswers(
  input: ChecklistInput,
  arm: Arm,
  judge: (probes: readonly ProbeResult[], servedModelName: string) => GateOutcome,
): GateOutcome {
  const paths = resolveEndpoints(input.settings, input.cluster, input.probes)[arm];
  const servedName = paths[0]?.servedModelName ?? '';
  const all = currentProbes(input.probes, arm);
  const fresh = all.filter((probe) => isFresh(probe, input.now));
  if (fresh.length > 0) {
    return withPatience(withAuthenticationNote(judge(fresh, servedName), fresh, input, arm), input, arm);
  }
  const [newest] = all;
  if (newest !== undefined) return asStale(judge(all, servedName), isoTime(newest.observedAt));
  if (paths.every((path) => path.baseUrl === null)) {
    const sight = lookAt(input, 'routes');
    if (sight.kind === 'hidden') return sight.outcome;
    return {
      status: 'fail',
      reason: 'not-created',
      finding: sentence(`There is no address to ask: ${paths.map((path) => path.finding).join(' ')}`),
      evidence: [
        kubernetesEvidence(
          sight.view,
          paths.map(({ path, finding }) => ({ path, finding })),
          input.now,
        ),
      ],
    };
  }
  return {
    status: 'unknown',
    reason: 'syncing',
    finding: 'No live request has been made yet.',
    evidence: [],
  };
}

/** While the pods still load, a refusal is what one expects. */
function withPatience(outcome: GateOutcome, input: ChecklistInput, arm: Arm): GateOutcome {
  if (outcome.status !== 'fail' || !isArmComingUp(input, arm)) return outcome;
  return {
    ...outcome,
    status: 'warn',
    progressing: true,
    finding: `Its pods are still coming up: ${outcome.finding}`,
  };
}

/** An endpoint that answers us without a token answers anyone. */
function withAuthenticationNote(
  outcome: GateOutcome,
  probes: readonly ProbeResult[],
  input: ChecklistInput,
  arm: Arm,
): GateOutcome {
  const isOpen = !input.access.sendsToken[arm] && probes.some(answeredWell);
  const isServing = outcome.status === 'pass' || outcome.status === 'warn';
  return isOpen && isServing ? { ...outcome, finding: `${outcome.finding} ${UNAUTHENTICATED}` } : outcome;
}

/** A server that answers under another name refuses every request of ours; `null` where the names agree. */
export function nameProblem(probes: readonly ProbeResult[], servedName: string): GateOutcome | null {
  const wrong = probes.find((probe) => probe.modelIds !== null && !probe.modelIds.includes(servedName));
  if (wrong === undefined) return null;
  return {
    status: 'fail',
    finding: `The server offers ${wrong.modelIds?.join(', ') || 'no model'}, not ${servedName}: requests for it get 404.`,
    evidence: [probeEvidence(wrong)],
    explainedBy: [],
  };
}

/** A text that changes every second would be sent every second. */
const AGE_STEP_MS = 10_000;

/**
 * What a path answered: its completion, since that is what the audience will ask for. Once the models were answered after it,
 * its age is told, in steps of ten seconds.
 */
export function answerWords(probes: readonly ProbeResult[], word: ProbeResult, now: UnixMs): string {
  const ofPath = (kind: ProbeResult['kind']) =>
    probes.find((probe) => probe.path === word.path && probe.kind === kind && answeredWell(probe));
  const [completion, models] = [ofPath('completion'), ofPath('models')];
  if (completion === undefined) return `${withoutStop(word.finding)}; no completion has been answered lately`;
  const ageMs = now - completion.observedAt;
  if (models === undefined || models.observedAt <= completion.observedAt || ageMs < AGE_STEP_MS) {
    return completion.finding;
  }
  const seconds = (Math.floor(ageMs / AGE_STEP_MS) * AGE_STEP_MS) / 1_000;
  return `${withoutStop(completion.finding)}, ${seconds} s ago; its models answer now`;
}

function withoutStop(finding: string): string {
  return finding.replace(/\.$/, '');
}

/** Told by the newest refusal, which comes first in the evidence: what else was answered does not explain it. */
export function refusedOutcome(probes: readonly ProbeResult[]): GateOutcome {
  const refused = probes.filter((probe) => !answeredWell(probe));
  const told = [...refused, ...probes.filter(answeredWell)];
  return {
    status: 'fail',
    finding: sentence(refused[0]?.finding ?? 'No live request was answered'),
    evidence: told.slice(0, 4).map(probeEvidence),
  };
}
