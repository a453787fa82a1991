import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fault } from './fault.ts';
import { FAULT_EXPECTATIONS, gatesOf } from './fault-expectations.ts';
import { FAULTS } from './faults.ts';

test('the README lists every fault with its aim and its words', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const section = readme.split('## Faults\n')[1]?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  const faults: [string, Fault][] = Object.entries(FAULTS);
  expect(rows).toEqual(
    faults.map(([name, { aim, description }]) => [`\`${name}\``, aim?.whenUnaimed ?? '', description]),
  );
});

test('every expectation of a fault names its fact', () => {
  const all = Object.values(FAULT_EXPECTATIONS).flatMap(({ gates }) => gates);
  expect(all.length).toBeGreaterThan(20);
  const pattern = /^(kubernetes-objects|demo-environment|metrics|platform-pitfalls) §/;
  expect(all.filter(({ fact }) => !pattern.test(fact))).toEqual([]);
});

test('an aim leaves only the gates of its arm, and those of both', () => {
  const ids = (...how: Parameters<typeof gatesOf>): string[] => gatesOf(...how).map(({ gate }) => gate);
  expect({
    unaimed: ids('answer-empty', null),
    aimed: ids('answer-empty', 'distributed'),
    one: ids('target-down', null),
    other: ids('target-down', 'baseline'),
    everywhere: ids('prometheus-partial', 'baseline'),
  }).toEqual({
    unaimed: ['baseline-answers', 'distributed-answers'],
    aimed: ['distributed-answers'],
    one: ['metrics-distributed'],
    other: ['metrics-baseline'],
    everywhere: ['metrics-baseline', 'metrics-distributed'],
  });
});
