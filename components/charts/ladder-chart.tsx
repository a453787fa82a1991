'use client';

import type { ReactElement } from 'react';
import {
  CartesianGrid,
  type DotItemDotProps,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';

/** One load, with the value of each line; `null`: not in the file. */
export interface LadderRow {
  users: number;
  values: readonly (number | null)[];
  /** Whether the whole level was kept at this load, by line; `null`: not known. */
  kept: readonly (boolean | null)[];
  /** Figures published elsewhere at this load, by line. */
  ghosts: readonly (number | null)[];
}

export interface LadderLine {
  name: string;
  colour: string;
  dash: string | undefined;
  shape: 'square' | 'disc';
}

/** Room for the marks at the edges; the words of both axes are the parent's, at the same distance. */
export const LADDER_MARGIN_PX = 8;
const MARGIN = {
  top: LADDER_MARGIN_PX,
  right: LADDER_MARGIN_PX,
  bottom: LADDER_MARGIN_PX,
  left: LADDER_MARGIN_PX,
};

type Field = 'values' | 'ghosts';

function isRow(row: unknown): row is LadderRow {
  return typeof row === 'object' && row !== null && 'values' in row && 'kept' in row && 'ghosts' in row;
}

function valueOfLine(row: unknown, field: Field, index: number): number | null {
  return isRow(row) ? (row[field][index] ?? null) : null;
}

/** A filled mark where the level was kept, a hollow one where it was not or is not known; ghosts are small. */
function Mark({
  cx,
  cy,
  shape,
  colour,
  isFilled,
  size,
}: {
  cx: number;
  cy: number;
  shape: LadderLine['shape'];
  colour: string;
  isFilled: boolean;
  size: number;
}): ReactElement {
  const look = { fill: isFilled ? colour : 'var(--ground)', stroke: colour, strokeWidth: size / 4 };
  return shape === 'square' ? (
    <rect x={cx - size / 2} y={cy - size / 2} width={size} height={size} {...look} />
  ) : (
    <circle cx={cx} cy={cy} r={size * 0.58} {...look} />
  );
}

/** Load against latency or output, measured once and drawn once: steps of a ladder, not a moving curve. */
export function LadderChart({
  rows,
  lines,
  limit,
  top,
  most,
}: {
  rows: LadderRow[];
  lines: readonly LadderLine[];
  /** The service level; `null`: none on this value. */
  limit: number | null;
  top: number;
  /** Users at the right edge. */
  most: number;
}): ReactElement {
  const markOf =
    (line: LadderLine, index: number, field: Field) =>
    ({ cx, cy, payload }: DotItemDotProps): ReactElement => {
      const key = `${field} ${line.name} ${isRow(payload) ? payload.users : ''}`;
      if (cx === undefined || cy === undefined || valueOfLine(payload, field, index) === null) {
        return <g key={key} />;
      }
      const isFilled = field === 'values' && isRow(payload) && payload.kept[index] === true;
      const look =
        field === 'values' ? { colour: line.colour, size: 11 } : { colour: 'var(--line)', size: 7 };
      return (
        <Mark key={key} cx={Number(cx)} cy={Number(cy)} shape={line.shape} isFilled={isFilled} {...look} />
      );
    };
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 200 }}>
      <LineChart data={rows} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--rule)" strokeWidth={1.5} />
        <XAxis dataKey="users" type="number" domain={[0, most]} hide />
        <YAxis domain={[0, top]} ticks={[0, top / 2, top]} hide />
        {limit !== null && (
          <ReferenceLine y={limit} stroke="var(--ink)" strokeWidth={2} strokeDasharray="10 4 2 4" />
        )}
        {lines.map((line, index) => (
          <Line
            key={`published ${line.name}`}
            dataKey={(row: unknown) => valueOfLine(row, 'ghosts', index)}
            type="linear"
            stroke="var(--line)"
            strokeWidth={2}
            strokeDasharray="1 6"
            strokeLinecap="round"
            dot={markOf(line, index, 'ghosts')}
            activeDot={false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
        {lines.map((line, index) => (
          <Line
            key={line.name}
            dataKey={(row: unknown) => valueOfLine(row, 'values', index)}
            type="linear"
            stroke={line.colour}
            strokeWidth="max(3px, 0.13rem)"
            strokeDasharray={line.dash ?? ''}
            dot={markOf(line, index, 'values')}
            activeDot={false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
