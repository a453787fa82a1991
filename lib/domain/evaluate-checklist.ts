import type { Checklist, Evidence, Gate } from './checklist';
import { rememberFlips } from './checklist-flips';
import { isoTime, shorten } from './gates/evidence';
import { asStale } from './gates/freshness';
import type { ChecklistInput, GateId, GateOutcome, GateRow } from './gates/gate-row';
import { GATES } from './gates/gate-table';
import { platformLinks } from './platform-links';
import { PROOF_OF_LIFE_MS } from './readable';
import { finish, type Steps } from './steps';
import { unauthenticatedArms } from './unauthenticated-arms';
import type { UnixMs, Verdict } from './vocabulary';

/** Judges every gate from one snapshot. Pure: the same input gives the same checklist. */
export function evaluateChecklist(input: ChecklistInput, rows: readonly GateRow[] = GATES): Checklist {
  return finish(checklistSteps(input, rows));
}

/** The same, gate by gate. Rows are judged causes first, so that a gate can say which earlier failure blocks it. */
export function* checklistSteps(input: ChecklistInput, rows: readonly GateRow[] = GATES): Steps<Checklist> {
  const judged = new Map<GateId, Gate>();
  for (const row of rows) {
    judged.set(row.id, judge(row, input, judged));
    yield;
  }
  const gates = [...judged.values()];
  const { mode, settings, cluster, previous } = input;
  const checklist: Checklist = {
    mode,
    evaluatedAt: isoTime(input.now),
    verdict: verdictOf(gates),
    gates,
    flips: [],
    links: platformLinks(settings, cluster),
    unauthenticated: unauthenticatedArms(input),
  };
  const flips = rememberFlips(previous?.flips ?? [], previous, checklist);
  return { ...checklist, flips: flips.slice(0, FLIPS_TOLD) };
}

/** Enough for a show, and little enough to travel with every checklist. */
const FLIPS_TOLD = 60;

/** Messages of foreign controllers end up in findings, and some are a whole stack trace. */
const MAX_FINDING_CHARACTERS = 1_200;

/** Contract, "Verdict": a blocked gate counts as its root cause does, and a root cause has failed. */
export function verdictOf(gates: readonly Gate[]): Verdict {
  const required = gates.filter((gate) => gate.required);
  if (required.some((gate) => gate.status === 'fail' || gate.reason === 'blocked')) return 'no-go';
  if (required.some((gate) => gate.status === 'unknown' || gate.progressing)) return 'not-yet';
  return 'go';
}

function judge(row: GateRow, input: ChecklistInput, earlier: ReadonlyMap<GateId, Gate>): Gate {
  const outcome = withFreshness(row.evaluate(input), input.now);
  const blocker = outcome.status === 'fail' ? findBlocker(row, outcome, earlier) : null;
  const required = typeof row.required === 'boolean' ? row.required : row.required(input);
  const gate: Gate = {
    id: row.id,
    layer: row.layer,
    title: row.title,
    required,
    status: outcome.status,
    progressing: outcome.progressing ?? false,
    reason: outcome.reason ?? null,
    blockedBy: null,
    lastKnown: outcome.lastKnown ?? memoryOf(row, outcome, input),
    lights: outcome.lights ?? null,
    finding: shorten(outcome.finding, MAX_FINDING_CHARACTERS),
    missingRight: outcome.missingRight ?? null,
    evidence: [...outcome.evidence],
    command: row.command(input.settings),
    why: row.why,
    remedy: row.remedy,
    owner: row.owner,
    document: row.document,
  };
  if (blocker === null) return gate;
  return {
    ...gate,
    status: 'unknown',
    reason: 'blocked',
    blockedBy: blocker.id,
    progressing: false,
    finding: `Blocked by “${blocker.title}”: ${shorten(blocker.finding, 400)}`,
  };
}

/** The root of the first failed gate, of those that explain this outcome. */
function findBlocker(row: GateRow, outcome: GateOutcome, earlier: ReadonlyMap<GateId, Gate>): Gate | null {
  const causes = outcome.explainedBy ?? row.dependsOn;
  for (const id of row.dependsOn) {
    const gate = causes.includes(id) ? earlier.get(id) : undefined;
    if (gate?.status === 'fail') return gate;
    if (gate?.reason === 'blocked') return earlier.get(gate.blockedBy as GateId) ?? gate;
  }
  return null;
}

/** Kubernetes evidence without a proof of life for 20 s makes a verdict a memory; other sources judge their own age. */
function withFreshness(outcome: GateOutcome, now: UnixMs): GateOutcome {
  if (outcome.status === 'unknown') return outcome;
  const oldest = oldestProof(outcome.evidence);
  return oldest !== null && now - oldest > PROOF_OF_LIFE_MS ? asStale(outcome, isoTime(oldest)) : outcome;
}

function oldestProof(evidence: readonly Evidence[]): UnixMs | null {
  const times = evidence
    .filter((item) => item.source === 'kubernetes' || item.source === 'openapi')
    .map((item) => Date.parse(item.observedAt));
  return times.length === 0 ? null : Math.min(...times);
}

/** What an unknown gate last was, from the checklist before. */
function memoryOf(row: GateRow, outcome: GateOutcome, input: ChecklistInput): Gate['lastKnown'] {
  if (outcome.status !== 'unknown' || input.previous === null) return null;
  const before = input.previous.gates.find((gate) => gate.id === row.id);
  if (before === undefined) return null;
  if (before.status === 'unknown') return before.lastKnown;
  return { status: before.status, at: input.previous.evaluatedAt };
}
