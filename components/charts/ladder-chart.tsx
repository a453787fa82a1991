'use client';

import type { ReactNode } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';

/** One load, with the value of each line; `null`: not in the file. */
export interface LadderRow {
  users: number;
  values: readonly (number | null)[];
}

export interface LadderLine {
  name: string;
  colour: string;
  dash: string | undefined;
}

const MARGIN = { top: 8, right: 8, bottom: 4, left: 0 };
const TICK = { fill: 'var(--ink-soft)', fontSize: 'var(--type-small)' };

function valueOfLine(row: unknown, index: number): number | null {
  return typeof row === 'object' && row !== null && 'values' in row && Array.isArray(row.values)
    ? (row.values[index] ?? null)
    : null;
}

/** Load against latency or output, measured once and drawn once: steps of a ladder, not a moving curve. */
export function LadderChart({
  rows,
  lines,
  limit,
  top,
}: {
  rows: LadderRow[];
  lines: readonly LadderLine[];
  /** The service level; `null`: none on this value. */
  limit: number | null;
  top: number;
}): ReactNode {
  const users = rows.map((row) => row.users);
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 200 }}>
      <LineChart data={rows} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--rule)" strokeWidth={1.5} />
        <XAxis
          dataKey="users"
          type="number"
          domain={[0, Math.max(1, ...users)]}
          ticks={users}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
        />
        <YAxis
          domain={[0, top]}
          ticks={[0, top / 2, top]}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          width="auto"
        />
        {limit !== null && (
          <ReferenceLine y={limit} stroke="var(--ink)" strokeWidth={2} strokeDasharray="10 4 2 4" />
        )}
        {lines.map((line, index) => (
          <Line
            key={line.name}
            dataKey={(row: unknown) => valueOfLine(row, index)}
            type="linear"
            stroke={line.colour}
            strokeWidth="max(3px, 0.13rem)"
            strokeDasharray={line.dash ?? ''}
            dot={{ r: 4, fill: line.colour, strokeDasharray: '' }}
            activeDot={false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
