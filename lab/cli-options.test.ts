import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommandLine } from './cli-options.ts';
import { DEFAULT_FOLDER } from './lab-folder.ts';
import { SCENARIOS } from './scenarios.ts';

test('without arguments it starts a healthy lab without visitors', () => {
  expect(parseCommandLine([])).toEqual({
    type: 'start',
    folder: DEFAULT_FOLDER,
    prometheus: 'auto',
    endsWithParent: false,
    lab: {
      scenario: 'healthy',
      users: { baseline: 0, distributed: 0 },
      timeFactor: 0.1,
      scrapeIntervalMs: 5_000,
      ports: { kubernetes: 0, https: 0, http: 0, prometheus: 0, tenancy: 0 },
    },
  });
});

test('options are read, in both spellings', () => {
  expect(
    parseCommandLine([
      '--seed=7',
      '--users',
      'distributed=4',
      '--time-factor',
      '1',
      '--scrape-interval',
      '30',
      '--port-https',
      '8443',
      '--folder',
      'here',
      '--prometheus',
      'embedded',
      '--end-with-parent',
    ]),
  ).toEqual({
    type: 'start',
    folder: resolve('here'),
    prometheus: 'embedded',
    endsWithParent: true,
    lab: {
      scenario: 'healthy',
      users: { baseline: 0, distributed: 4 },
      timeFactor: 1,
      scrapeIntervalMs: 30_000,
      seed: 7,
      ports: { kubernetes: 0, https: 8443, http: 0, prometheus: 0, tenancy: 0 },
    },
  });
});

test.each([
  [['--scenario', 'chaos'], `--scenario chaos: there are ${Object.keys(SCENARIOS).join(', ')}`],
  [['--users', 'both=3'], '--users both=3: expected baseline=N,distributed=N'],
  [['--time-factor', '0'], '--time-factor 0: expected a number above 0, up to 1'],
  [['--scrape-interval', '0'], '--scrape-interval 0: expected seconds from 1 to 60'],
  [['--port-http', 'web'], '--port-http: expected a port number'],
  [['--seed', 'apple'], '--seed apple: expected a whole number'],
  [['kill-pod'], 'kill-pod needs the name of a pod'],
  [['scale', 'name'], 'scale needs a name and a number'],
  [['kubernetes-api', 'sideways'], 'kubernetes-api needs up or down'],
  [['scenario', 'chaos'], `scenario chaos: there are ${Object.keys(SCENARIOS).join(', ')}`],
  [['fault', 'slow-list'], 'fault slow-list needs on or off'],
  [['fault', 'slow-list', 'on', 'long'], 'fault slow-list on long: expected whole seconds'],
  [['fault', 'slow-list', 'on', '--arm', 'baseline'], 'fault slow-list cannot be aimed at an arm'],
  [['fault', 'answer-reset', 'on', '--arm', 'left'], '--arm left: expected baseline or distributed'],
  [['users', 'baseline', '3', '--arm', 'baseline'], 'users knows no --arm'],
  [['--arm', 'baseline'], '--arm goes with a command'],
  [
    ['expectations', 'fault:chaos'],
    `expectations fault:chaos: there are ${Object.keys(SCENARIOS).join(', ')}, and fault:NAME`,
  ],
  [['dance'], 'there is no command dance'],
])('%j is wrong, and says why', (args, message) => {
  expect(parseCommandLine(args)).toEqual({ type: 'wrong', message });
});

test.each([
  [['status'], 'status', {}],
  [['kill-pod', 'a'], 'kill-pod', { name: 'a' }],
  [['kill-pod', 'a', 'b'], 'kill-pod', { name: 'a', namespace: 'b' }],
  [['crash-engine', 'a'], 'crash-engine', { name: 'a' }],
  [['serve', 'a', '3000'], 'serve', { name: 'a', port: 3000 }],
  [['serve', 'a', '3000', 'b'], 'serve', { name: 'a', port: 3000, namespace: 'b' }],
  [['scale', 'a', '3'], 'scale', { name: 'a', replicas: 3 }],
  [['users', 'baseline', '3'], 'users', { arm: 'baseline', count: 3 }],
  [['kubernetes-api', 'down'], 'kubernetes-api', { state: 'down' }],
  [['fault', 'node-lost', 'on'], 'fault', { name: 'node-lost', state: 'on' }],
  [['fault', 'slow-list', 'on', '30'], 'fault', { name: 'slow-list', state: 'on', seconds: 30 }],
  [['fault', 'slow-list', 'off'], 'fault', { name: 'slow-list', state: 'off' }],
  [
    ['fault', 'answer-reset', 'on', '30', '--arm', 'distributed'],
    'fault',
    { name: 'answer-reset', state: 'on', seconds: 30, arm: 'distributed' },
  ],
  [
    ['fault', 'answer-reset', 'off', '--arm=baseline'],
    'fault',
    { name: 'answer-reset', state: 'off', arm: 'baseline' },
  ],
  [
    ['expectations', 'fault:target-down', '--arm', 'baseline'],
    'expectations',
    { name: 'fault:target-down', arm: 'baseline' },
  ],
  [['scenario', 'bare'], 'scenario', { name: 'bare' }],
  [['expectations', 'as-shipped'], 'expectations', { name: 'as-shipped' }],
  [['stop'], 'stop', {}],
])('%j is a command', (args, name, input) => {
  expect(parseCommandLine(args)).toEqual({ type: 'command', name, input, folder: DEFAULT_FOLDER });
});
