import type { Sheet } from '@/components/ui/provenance-model';
import { capitalised } from '@/lib/domain/capitalised';
import { factsByPath, type LaneFact, type LaneFactId, type LaneFacts } from '@/lib/domain/lane-facts';
import type { UsedPath } from '@/lib/domain/vocabulary';
import { formatQuantityLine } from '@/lib/format/quantity';
import { countOf, joinWords } from '@/lib/format/words';

/** What each fact is called within a sentence. */
export const FACT_WORDS: Record<LaneFactId, string> = {
  model: 'model',
  quantization: 'weights',
  context: 'context',
  replicas: 'engine pods',
  gpus: 'GPUs',
  engine: 'engine',
};

/** Image references are long; the part that says the release is at the end. */
const MAX_CHARACTERS = 40;

function shorten(text: string): string {
  const last = text.split('/').at(-1) ?? text;
  return last.length <= MAX_CHARACTERS ? last : `${last.slice(0, MAX_CHARACTERS - 1)}…`;
}

function inWords({ id, value }: LaneFact, engineName: string): string | null {
  if (value === null) return null;
  if (typeof value === 'number') {
    switch (id) {
      case 'context':
        return `${formatQuantityLine(value, '')} context`;
      case 'replicas':
        return countOf(value, 'engine pod');
      case 'gpus':
        return countOf(value, 'GPU');
      case 'model':
      case 'quantization':
      case 'engine':
        return String(value);
      default:
        return id satisfies never;
    }
  }
  return id === 'engine' && !value.includes('/') ? `${engineName} ${value}` : shorten(value);
}

/** In the order in which they are asked about; what is cut off at the end of a narrow line is on the sheet. */
const LINE: readonly LaneFactId[] = ['gpus', 'quantization', 'context', 'engine', 'model'];

/** What answers by the given way, in one line: `2 GPUs · w4a16 · 8 192 context · vLLM 0.10.1 · mistral-…`. */
export function toFactWords(lane: LaneFacts, path: UsedPath | null): string[] {
  const facts = factsByPath(lane, path);
  const isConfigured = facts === lane.configuredFacts;
  const known = LINE.flatMap((id) => {
    const fact = facts.find((one) => one.id === id);
    return (fact === undefined ? null : inWords(fact, isConfigured ? 'engine' : 'vLLM')) ?? [];
  });
  if (!isConfigured) return known;
  const missing = LINE.filter((id) => facts.find((fact) => fact.id === id)?.value === null);
  return [`configured URL: ${joinWords(missing.map((id) => FACT_WORDS[id]))} not known`, ...known];
}

/** The same, each with what told it, or why it is not known. */
export function toFactSheet(name: string, lane: LaneFacts, path: UsedPath | null, observedAt: string): Sheet {
  const facts = factsByPath(lane, path);
  const isConfigured = facts === lane.configuredFacts;
  return {
    title: `${name}: what answers`,
    lead: `asked for as ${lane.servedModelName}`,
    sections: [
      ...facts.map((fact) => ({
        heading: `${capitalised(FACT_WORDS[fact.id])}: ${fact.value ?? 'not known'}`,
        rows: [{ kind: 'text' as const, name: 'Told by', value: fact.source }],
      })),
      {
        heading: 'Ways to it',
        rows: lane.paths.map((way) => ({
          kind: 'text' as const,
          name: `by ${way.path === 'override' ? 'configured URL' : way.path}`,
          value: `${way.usable ? 'usable' : 'not usable'}. ${way.finding}`,
        })),
      },
      {
        heading: null,
        rows: [
          { kind: 'time', name: 'Observed', value: observedAt },
          // Pods that nobody sees any more are as old as their last proof of life.
          ...(isConfigured || lane.podsSeenAt === null
            ? []
            : [{ kind: 'time' as const, name: 'Pods last seen', value: lane.podsSeenAt }]),
        ],
      },
    ],
  };
}
