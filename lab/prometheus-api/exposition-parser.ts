/** One line of a metrics page. */
export interface PageSample {
  /** Name and labels as written: the same text means the same series. */
  seriesText: string;
  value: number;
}

export interface PageMetadata {
  type: string;
  help: string;
}

export interface MetricsPage {
  samples: PageSample[];
  /** By family name as the page writes it. */
  metadata: Map<string, PageMetadata>;
}

/** Parses the text format 0.0.4; throws on the first malformed line, which makes the whole scrape fail. */
export function parsePage(text: string): MetricsPage {
  const page: MetricsPage = { samples: [], metadata: new Map() };
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('#')) readComment(line, page.metadata);
    else page.samples.push(readSample(line));
  }
  return page;
}

function readComment(line: string, metadata: Map<string, PageMetadata>): void {
  const [, keyword, family, rest = ''] = /^#\s+(HELP|TYPE)\s+(\S+)(?:\s(.*))?$/.exec(line) ?? [];
  if (family === undefined) return;
  const known = metadata.get(family) ?? { type: 'unknown', help: '' };
  metadata.set(family, known);
  if (keyword === 'TYPE') known.type = rest === 'untyped' ? 'unknown' : rest;
  else known.help = rest.replaceAll('\\n', '\n').replaceAll('\\\\', '\\');
}

function readSample(line: string): PageSample {
  const close = line.startsWith('#') ? -1 : line.lastIndexOf('}');
  const nameEnd = close >= 0 ? close + 1 : line.search(/\s/);
  const [valueText = ''] = line.slice(nameEnd).trim().split(/\s+/);
  const value = parseValue(valueText);
  if (nameEnd <= 0 || value === null) throw new Error(`malformed line: ${line}`);
  return { seriesText: line.slice(0, nameEnd), value };
}

/** A number as both clients print it; null when it is none. */
export function parseValue(text: string): number | null {
  switch (text) {
    case '+Inf':
    case 'Inf':
      return Number.POSITIVE_INFINITY;
    case '-Inf':
      return Number.NEGATIVE_INFINITY;
    case 'NaN':
      return Number.NaN;
    default:
      return /^[+-]?(\d|\.\d)[\d.]*([eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
  }
}

const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;

/** Splits `name{a="b"}`; throws when the labels are malformed. */
export function parseSeriesText(seriesText: string): { name: string; labels: [string, string][] } {
  const open = seriesText.indexOf('{');
  if (open < 0) return { name: seriesText.trim(), labels: [] };
  const list = seriesText.slice(open + 1, -1);
  const labels: [string, string][] = [];
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < list.trimEnd().length) {
    const match = LABEL.exec(list);
    if (match === null) throw new Error(`malformed labels: ${seriesText}`);
    labels.push([match[1] ?? '', unescapeLabel(match[2] ?? '')]);
  }
  return { name: seriesText.slice(0, open).trim(), labels };
}

function unescapeLabel(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** Prometheus 3 spells bucket edges and quantiles `1.0` even where a Go client wrote `1`. */
export function normalizeNumberLabel(value: string): string {
  const number = parseValue(value);
  if (number === null || !Number.isFinite(number)) return value;
  return /[.eE]/.test(value) ? value : `${value}.0`;
}
