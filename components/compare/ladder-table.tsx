import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import type { Ladder } from '@/lib/domain/guidellm-ladder';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatSignificant } from '@/lib/format/quantity';

/** Every rung as text: the same values the three charts draw. */
export function LadderTable({
  ladders,
  statistic,
}: {
  ladders: Record<Arm, Ladder | null>;
  statistic: string;
}): ReactNode {
  const write = (value: number | null | undefined, factor = 1): string =>
    value === null || value === undefined ? '–' : formatSignificant(value * factor);
  return (
    <table className="w-full text-right text-small tabular-nums">
      <caption className="sr-only">Ladder of both arms by number of users</caption>
      <thead>
        <tr className="border-ink border-b-(length:--hair)">
          <th scope="col" className="text-left">
            Arm
          </th>
          <th scope="col">Users</th>
          <th scope="col">First token {statistic}, s</th>
          <th scope="col">Between tokens {statistic}, ms</th>
          <th scope="col">Output, tokens/s</th>
          <th scope="col">Requests</th>
          <th scope="col">Level</th>
        </tr>
      </thead>
      <tbody>
        {ARMS.flatMap((arm) =>
          (ladders[arm]?.rungs ?? []).map((rung) => (
            <tr key={`${arm} ${rung.stage.at}`} className={ARM_LOOKS[arm].text}>
              <th scope="row" className="text-left font-normal">
                {ARM_LOOKS[arm].short}
              </th>
              <td>{rung.users}</td>
              <td>{write(rung.ttftMs, 0.001)}</td>
              <td>{write(rung.itlMs)}</td>
              <td>{write(rung.outputTokensPerSecond)}</td>
              <td>{rung.stage.requests.successful ?? '–'}</td>
              <td>{rung.isWithin === null ? 'not known' : rung.isWithin ? 'kept' : 'missed'}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
