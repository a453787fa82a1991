import type { Checklist, Evidence, Gate } from './checklist';
import type { Flip } from './checklist-flips';
import { GATE_LAYERS, GATE_STATUSES, type GateLayer, type GateStatus, type Verdict } from './vocabulary';

/** What a report says besides the checklist. */
export interface ReportContext {
  /** Where the checklist was made, e.g. the cluster's address; `null` where that is not known. */
  cluster: string | null;
  flips: readonly Flip[];
}

/** The words on screen for a verdict. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  go: 'GO',
  'not-yet': 'NOT YET',
  'no-go': 'NO GO',
};

const STATUS_WORDS: Readonly<Record<GateStatus, string>> = {
  pass: 'pass',
  warn: 'warn',
  fail: 'FAIL',
  unknown: 'unknown',
  'not-applicable': 'not applicable',
};

const LAYER_WORDS: Readonly<Record<GateLayer, string>> = {
  infrastructure: 'Infrastructure',
  platform: 'Platform',
  application: 'Application',
  observability: 'Governance & observability',
};

/** Required gates that keep the verdict from GO, worst first, in the order of the table. */
export function gatesInTheWay(checklist: Checklist): Gate[] {
  const inTheWay = checklist.gates.filter(
    (gate) => gate.required && (gate.status === 'fail' || gate.status === 'unknown' || gate.progressing),
  );
  return [
    ...inTheWay.filter((gate) => gate.status === 'fail'),
    ...inTheWay.filter((gate) => gate.status !== 'fail'),
  ];
}

/** The whole checklist with its evidence as JSON: what the API gives, with the flips beside it. */
export function jsonReport(checklist: Checklist, { cluster, flips }: ReportContext): string {
  return `${JSON.stringify({ report: 'checklist', cluster, ...checklist, flips }, null, 2)}\n`;
}

/** The whole checklist with its evidence as Markdown. Foreign texts are made harmless. */
export function markdownReport(checklist: Checklist, context: ReportContext): string {
  const sections = [
    heading(checklist, context),
    verdictReasons(checklist),
    changes(context.flips),
    ...GATE_LAYERS.flatMap((layer) => layerSection(layer, checklist.gates)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading({ verdict, mode, evaluatedAt, gates }: Checklist, { cluster }: ReportContext): string {
  const counts = GATE_STATUSES.map((status) => ({
    status,
    count: gates.filter((gate) => gate.status === status).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${STATUS_WORDS[status]}`);
  return [
    `# Ready? ${VERDICT_WORDS[verdict]}`,
    '',
    `- Data: **${mode.toUpperCase()}**`,
    `- Judged at: ${evaluatedAt}`,
    ...(cluster === null ? [] : [`- Cluster: ${plain(cluster)}`]),
    `- Gates: ${gates.length} (${counts.join(', ')})`,
  ].join('\n');
}

function verdictReasons(checklist: Checklist): string {
  const gates = gatesInTheWay(checklist);
  if (gates.length === 0) return '';
  return [
    '## What stands in the way',
    '',
    ...gates.map(
      (gate) => `- **${plain(gate.title)}** (${STATUS_WORDS[gate.status]}): ${plain(gate.finding)}`,
    ),
  ].join('\n');
}

function changes(flips: readonly Flip[]): string {
  if (flips.length === 0) return '';
  return [
    '## What changed',
    '',
    ...flips.map((flip) =>
      flip.kind === 'verdict'
        ? `- ${flip.at} · verdict: ${VERDICT_WORDS[flip.from]} → **${VERDICT_WORDS[flip.to]}**`
        : `- ${flip.at} · ${plain(flip.title)}: ${STATUS_WORDS[flip.from]} → **${STATUS_WORDS[flip.to]}** · ${plain(flip.finding)}`,
    ),
  ].join('\n');
}

function layerSection(layer: GateLayer, all: readonly Gate[]): string[] {
  const gates = all.filter((gate) => gate.layer === layer);
  return gates.length === 0 ? [] : [`## ${LAYER_WORDS[layer]}`, ...gates.map(gateSection)];
}

function gateSection(gate: Gate): string {
  const { lights, missingRight, lastKnown, document } = gate;
  const lines = [
    `### ${STATUS_WORDS[gate.status]} · ${plain(gate.title)} (\`${gate.id}\`)`,
    '',
    plain(gate.finding),
    '',
    `- ${gate.required ? 'Required' : 'Optional'}${gate.progressing ? ', coming up by itself' : ''}${gate.reason === null ? '' : `, reason: ${gate.reason}`}${gate.blockedBy === null ? '' : `, blocked by \`${gate.blockedBy}\``}`,
    ...(lastKnown === null ? [] : [`- Last known: ${lastKnown.status} at ${lastKnown.at}`]),
    ...(lights === null
      ? []
      : [`- Status says: ${lights.claim} · pods show: ${lights.pods} · a live request: ${lights.probe}`]),
    ...(missingRight === null
      ? []
      : [
          `- Missing right: ${missingRight.verb} ${plain([missingRight.resource, missingRight.group].filter((part) => part !== '').join('.'))}${missingRight.namespace === null ? '' : ` in ${plain(missingRight.namespace)}`}`,
        ]),
    `- Why: ${plain(gate.why)}`,
    ...(gate.status === 'pass'
      ? []
      : [`- Remedy (${gate.owner === 'user' ? 'user' : 'cluster admin'}): ${plain(gate.remedy)}`]),
    ...(document === null ? [] : [`- Document: [${plain(document.title)}](${document.url})`]),
    '- The same by hand:',
    '',
    fence('sh', gate.command),
    ...gate.evidence.flatMap((evidence) => ['', ...evidenceLines(evidence)]),
  ];
  return lines.join('\n');
}

function evidenceLines({ source, request, observedAt, httpStatus, excerpt }: Evidence): string[] {
  return [
    `Evidence: ${source}, ${observedAt}${httpStatus === null ? '' : `, HTTP ${httpStatus}`}`,
    '',
    fence('', request),
    '',
    fence('json', JSON.stringify(excerpt, null, 2) ?? 'null'),
  ];
}

/** Text of a cluster in running Markdown: one line, and nothing in it is markup. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>|#~!]/g, (character) => `\\${character}`);
}

/** A code block whose fence is longer than any run of backticks within. */
function fence(language: string, text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = '`'.repeat(Math.max(3, longest + 1));
  return `${marks}${language}\n${text}\n${marks}`;
}
