'use client';

import type { ReactElement, ReactNode } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart as RechartsLineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatClockTime } from '@/lib/format/clock-time';

/** One moment of all lines. `null` is a gap. */
export interface ChartRow {
  atMs: number;
  values: readonly (number | null)[];
}

export interface ChartLine {
  name: string;
  colour: string;
  dash: string | undefined;
}

export interface LineChartProps {
  rows: ChartRow[];
  lines: readonly ChartLine[];
  /** Both ends of the time axis: what the headline promises, even where data is sparse. */
  from: number;
  to: number;
  top: number;
  formatValue(value: number): string;
}

function lineValue(row: unknown, index: number): number | null {
  return typeof row === 'object' && row !== null && 'values' in row && Array.isArray(row.values)
    ? (row.values[index] ?? null)
    : null;
}

interface DotProps {
  cx?: number | undefined;
  cy?: number | undefined;
  index?: number | undefined;
}

/** Places of values that stand between two gaps: they have no line to be seen by, and are drawn as dots. */
export function findLonelyValues(rows: readonly ChartRow[], line: number): ReadonlySet<number> {
  const has = (index: number): boolean => (rows[index]?.values[line] ?? null) !== null;
  return new Set([...rows.keys()].filter((index) => has(index) && !has(index - 1) && !has(index + 1)));
}

/** Dots for lonely values, and none at all (which is much cheaper) where there is no such value. */
function toDot(
  rows: readonly ChartRow[],
  line: number,
  colour: string,
): false | ((props: DotProps) => ReactElement) {
  const lonely = findLonelyValues(rows, line);
  if (lonely.size === 0) return false;
  return ({ cx, cy, index }: DotProps) =>
    index !== undefined && lonely.has(index) && Number.isFinite(cy) ? (
      <circle key={index} cx={cx} cy={cy} r={3} fill={colour} />
    ) : (
      <g key={index} />
    );
}

function Moment({
  payload,
  lines,
  formatValue,
}: {
  payload: readonly { payload?: unknown }[] | undefined;
  lines: readonly ChartLine[];
  formatValue: (value: number) => string;
}): ReactNode {
  const row = payload?.[0]?.payload;
  if (typeof row !== 'object' || row === null || !('atMs' in row) || typeof row.atMs !== 'number')
    return null;
  return (
    <div className="rounded-[0.25rem] border-(length:--hair) border-line bg-surface px-2 py-1 text-small tabular-nums">
      <p className="text-ink-soft">{formatClockTime(new Date(row.atMs).toISOString())}</p>
      {lines.map((line, index) => {
        const value = lineValue(row, index);
        return (
          <p key={line.name} style={{ color: line.colour }}>
            {line.name} {value === null ? 'no value' : formatValue(value)}
          </p>
        );
      })}
    </div>
  );
}

/** Still lines on fixed axes. Knows points and units, not what they mean; the words around it are its parent's. */
export function LineChart({ rows, lines, from, to, top, formatValue }: LineChartProps): ReactNode {
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 120 }}>
      <RechartsLineChart
        data={rows}
        margin={{ top: 2, right: 0, bottom: 2, left: 0 }}
        syncId="compare"
        syncMethod="value"
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--rule)" strokeWidth={1.5} />
        <XAxis dataKey="atMs" type="number" domain={[from, to]} allowDataOverflow hide />
        <YAxis
          domain={[0, top]}
          ticks={[0, top / 2, top]}
          allowDataOverflow
          width={1}
          tick={false}
          axisLine={false}
          tickLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line)', strokeWidth: 1 }}
          content={({ payload }) => <Moment payload={payload} lines={lines} formatValue={formatValue} />}
        />
        {lines.map((line, index) => (
          <Line
            key={line.name}
            name={line.name}
            dataKey={(row: unknown) => lineValue(row, index)}
            type="linear"
            stroke={line.colour}
            strokeWidth="max(3px, 0.13rem)"
            strokeDasharray={line.dash ?? ''}
            strokeLinecap="butt"
            dot={toDot(rows, index, line.colour)}
            activeDot={false}
            connectNulls={false}
            isAnimationActive={false}
          />
        ))}
      </RechartsLineChart>
    </ResponsiveContainer>
  );
}
