import type { Sheet, SheetRow, SheetSection } from '@/components/ui/provenance-model';
import { capitalised } from '@/lib/domain/capitalised';
import type { LaneFact, LaneFacts } from '@/lib/domain/lane-facts';
import type { Placement } from '@/lib/domain/placement';
import { FACT_WORDS } from './lane-facts-model';
import { type Contestant, FACT_ORDER, type RaceNote, type RacingLane, toContestant } from './race-note-model';

/** One fact of a lane, and what told it or why it is not known. */
function toFactRow(name: string, facts: readonly LaneFact[], id: LaneFact['id']): SheetRow {
  const fact = facts.find((one) => one.id === id);
  if (fact === undefined) return { kind: 'text', name, value: 'not known yet' };
  const why = `not known: ${fact.source}`;
  return { kind: 'text', name, value: fact.value === null ? why : `${fact.value} · ${fact.source}` };
}

function toLoadRow(name: string, { arm, isConfigured }: Contestant, { pods, activity }: Placement): SheetRow {
  const own = activity.filter(({ pod }) => pods.some((one) => one.name === pod && one.arm === arm));
  const running = own.map((engine) => `${engine.running ?? 'not known'} in ${engine.pod}`).join(', ');
  const value = isConfigured ? 'not known of a configured URL' : running === '' ? 'not known' : running;
  return { kind: 'text', name, value };
}

function toLoadSection(
  named: readonly { name: string; contestant: Contestant }[],
  placement: Placement | null,
): SheetSection {
  const heading = 'Requests running when last scraped';
  if (placement === null) {
    return { heading, rows: [{ kind: 'text', name: 'Load', value: 'not known: the metrics are not live' }] };
  }
  const [engine] = placement.activity;
  return {
    heading,
    rows: [
      ...named.map(({ name, contestant }) => toLoadRow(name, contestant, placement)),
      ...(engine === undefined ? [] : [{ kind: 'code' as const, name: 'PromQL', value: engine.promql }]),
      ...(engine?.sampledAt == null
        ? []
        : [{ kind: 'time' as const, name: 'Sampled', value: engine.sampledAt }]),
    ],
  };
}

/** The sentences of the race at full length, and lane by lane what they rest on and who told it. */
export function toRaceSheet(input: {
  note: RaceNote;
  lanes: readonly (RacingLane & { name: string })[];
  facts: readonly LaneFacts[];
  factsAt: string | null;
  placement: Placement | null;
}): Sheet {
  const { note, facts, factsAt, placement } = input;
  const named = input.lanes.map((lane) => ({ name: lane.name, contestant: toContestant(lane, facts) }));
  return {
    title: named.length > 1 ? 'What was equal, and what was not' : 'How it was asked',
    lead: note.notEqual === null ? note.equal : `${note.equal} ${note.notEqual}`,
    sections: [
      ...FACT_ORDER.map((id) => ({
        heading: capitalised(FACT_WORDS[id]),
        rows: named.map(({ name, contestant }) => toFactRow(name, contestant.facts, id)),
      })),
      ...(factsAt === null
        ? []
        : [{ heading: null, rows: [{ kind: 'time' as const, name: 'Observed', value: factsAt }] }]),
      toLoadSection(named, placement),
    ],
  };
}
