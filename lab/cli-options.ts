import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FAULT_PREFIX } from './control/control-api.ts';
import { FAULTS, isAimable, isFaultName } from './faults/faults.ts';
import { DEFAULT_SCRAPE_INTERVAL_MS, DEFAULT_TIME_FACTOR, type LabOptions } from './lab.ts';
import { DEFAULT_FOLDER } from './lab-folder.ts';
import { isScenarioName, SCENARIOS } from './scenarios.ts';
import { isArm } from './world/arms.ts';

export type CliRequest =
  | { type: 'start'; lab: LabOptions; folder: string; prometheus: string; endsWithParent: boolean }
  | { type: 'command'; name: string; input: Record<string, unknown>; folder: string }
  | { type: 'help' }
  | { type: 'wrong'; message: string };

const INDENT = '                              ';
const LIST_WIDTH = 90;

/** The names of all faults, in lines of the help's width. */
function faultList(): string {
  const lines: string[] = [];
  for (const name of Object.keys(FAULTS)) {
    const last = lines.at(-1);
    if (last === undefined || `${last}, ${name}`.length > LIST_WIDTH) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines.join(`,\n${INDENT}`);
}

export const HELP = `Usage: npm run lab -- [options]            start a lab, print "ready" when it is up
       npm run lab -- COMMAND [arguments]    act on the running lab

Options
  --scenario NAME             ${Object.keys(SCENARIOS).join(', ')} (default healthy)
  --prometheus WHICH          auto, embedded, or the path of a prometheus program (default auto)
  --users LIST                background visitors, e.g. baseline=2,distributed=4 (default none)
  --time-factor N             factor on model loading and readiness probes, 1 is real time (default ${DEFAULT_TIME_FACTOR})
  --scrape-interval SECONDS   how often metrics are scraped; the platform takes 30 (default ${DEFAULT_SCRAPE_INTERVAL_MS / 1_000})
  --seed N                    everything invented follows from it
  --port-kubernetes N, --port-https N, --port-http N, --port-prometheus N, --port-tenancy N
                              fixed ports on 127.0.0.1 (default: free ones)
  --folder PATH               where env, kubeconfig and ca.crt go (default .lab)
  --end-with-parent           end when the process that started it is gone, however it went

Commands
  status                      pods, addresses, visitors
  kill-pod NAME [NAMESPACE]   take a pod away as a lost process
  crash-engine POD [NAMESPACE]
                              let the engine of a pod fail: its container starts again, and the model loads
  serve SERVICE PORT [NAMESPACE]
                              let a program on this machine (plain HTTP on 127.0.0.1) answer for the pods of a Service
  scale NAME REPLICAS         change a service's or Deployment's replicas
  users ARM COUNT             change the background visitors of baseline or distributed
  scenario NAME               turn the cluster into another scenario
  expectations NAME           what the gates of a checklist should say in a scenario, as JSON; of a fault: ${FAULT_PREFIX}NAME
  fault NAME on [SECONDS]     let something go wrong, for a time or until told otherwise:
                              ${faultList()}
  fault NAME off              end it
  --arm baseline|distributed  with fault and expectations: what can be aimed (answers, engines, endpoint-503,
                              pod-killed, target-down, prometheus-partial) hits this arm only
  kubernetes-api up|down      take the API server away, or bring it back
  stop                        end the lab
`;

const OPTIONS = {
  scenario: { type: 'string', default: 'healthy' },
  prometheus: { type: 'string', default: 'auto' },
  users: { type: 'string', default: '' },
  'time-factor': { type: 'string', default: String(DEFAULT_TIME_FACTOR) },
  'scrape-interval': { type: 'string', default: String(DEFAULT_SCRAPE_INTERVAL_MS / 1_000) },
  seed: { type: 'string' },
  'port-kubernetes': { type: 'string', default: '0' },
  'port-https': { type: 'string', default: '0' },
  'port-http': { type: 'string', default: '0' },
  'port-prometheus': { type: 'string', default: '0' },
  'port-tenancy': { type: 'string', default: '0' },
  folder: { type: 'string', default: DEFAULT_FOLDER },
  'end-with-parent': { type: 'boolean', default: false },
  arm: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

function parseUsers(list: string): { baseline: number; distributed: number } | null {
  const users = { baseline: 0, distributed: 0 };
  for (const part of list.split(',').filter((piece) => piece !== '')) {
    const match = /^(baseline|distributed)=(\d+)$/.exec(part);
    if (match === null) return null;
    users[match[1] as keyof typeof users] = Number(match[2]);
  }
  return users;
}

/** The input of `fault NAME on|off [SECONDS] [--arm ARM]`, or what is wrong with it. */
function faultInput(
  [name, state, seconds]: string[],
  arm: string | undefined,
): string | Record<string, unknown> {
  if (name === undefined || !isFaultName(name))
    return `fault ${name ?? ''}: there are ${Object.keys(FAULTS).join(', ')}`;
  if (state !== 'on' && state !== 'off') return `fault ${name} needs on or off`;
  if (seconds !== undefined && !/^\d+$/.test(seconds))
    return `fault ${name} on ${seconds}: expected whole seconds`;
  if (arm !== undefined && !isAimable(name)) return `fault ${name} cannot be aimed at an arm`;
  return { name, state, ...(seconds === undefined ? {} : { seconds: Number(seconds) }), ...armInput(arm) };
}

function armInput(arm: string | undefined): { arm?: string } {
  return arm === undefined ? {} : { arm };
}

function isExpectable(name: string): boolean {
  return name.startsWith(FAULT_PREFIX) ? isFaultName(name.slice(FAULT_PREFIX.length)) : isScenarioName(name);
}

function commandOf([name = '', ...rest]: string[], folder: string, arm: string | undefined): CliRequest {
  const [first, second] = rest;
  if (arm !== undefined && name !== 'fault' && name !== 'expectations')
    return { type: 'wrong', message: `${name} knows no --arm` };
  if (arm !== undefined && !isArm(arm))
    return { type: 'wrong', message: `--arm ${arm}: expected baseline or distributed` };
  const command = (input: Record<string, unknown>): CliRequest => ({ type: 'command', name, input, folder });
  switch (name) {
    case 'status':
    case 'stop':
      return command({});
    case 'kill-pod':
    case 'crash-engine':
      if (first === undefined) return { type: 'wrong', message: `${name} needs the name of a pod` };
      return command({ name: first, ...(second === undefined ? {} : { namespace: second }) });
    case 'serve':
      if (first === undefined || second === undefined)
        return { type: 'wrong', message: 'serve needs a Service and a port' };
      return command({
        name: first,
        port: Number(second),
        ...(rest[2] === undefined ? {} : { namespace: rest[2] }),
      });
    case 'scale':
      if (first === undefined || second === undefined)
        return { type: 'wrong', message: 'scale needs a name and a number' };
      return command({ name: first, replicas: Number(second) });
    case 'users':
      if (first === undefined || second === undefined)
        return { type: 'wrong', message: 'users needs an arm and a number' };
      return command({ arm: first, count: Number(second) });
    case 'scenario':
      if (first === undefined || !isScenarioName(first))
        return {
          type: 'wrong',
          message: `scenario ${first ?? ''}: there are ${Object.keys(SCENARIOS).join(', ')}`,
        };
      return command({ name: first });
    case 'expectations':
      if (first === undefined || !isExpectable(first))
        return {
          type: 'wrong',
          message: `expectations ${first ?? ''}: there are ${Object.keys(SCENARIOS).join(', ')}, and ${FAULT_PREFIX}NAME`,
        };
      return command({ name: first, ...armInput(arm) });
    case 'fault': {
      const input = faultInput(rest, arm);
      return typeof input === 'string' ? { type: 'wrong', message: input } : command(input);
    }
    case 'kubernetes-api':
      if (first !== 'up' && first !== 'down')
        return { type: 'wrong', message: 'kubernetes-api needs up or down' };
      return command({ state: first });
    default:
      return { type: 'wrong', message: `there is no command ${name}` };
  }
}

export function parseCommandLine(args: string[]): CliRequest {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return { type: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  const folder = isAbsolute(values.folder) ? values.folder : resolve(values.folder);
  if (values.help) return { type: 'help' };
  if (positionals.length > 0) return commandOf(positionals, folder, values.arm);
  if (values.arm !== undefined) return { type: 'wrong', message: '--arm goes with a command' };

  const { scenario, users: userList } = values;
  if (!isScenarioName(scenario)) {
    return {
      type: 'wrong',
      message: `--scenario ${scenario}: there are ${Object.keys(SCENARIOS).join(', ')}`,
    };
  }
  const users = parseUsers(userList);
  if (users === null)
    return { type: 'wrong', message: `--users ${userList}: expected baseline=N,distributed=N` };
  const timeFactor = Number(values['time-factor']);
  if (!(timeFactor > 0 && timeFactor <= 1)) {
    return {
      type: 'wrong',
      message: `--time-factor ${values['time-factor']}: expected a number above 0, up to 1`,
    };
  }
  const scrapeIntervalSeconds = Number(values['scrape-interval']);
  if (!(scrapeIntervalSeconds >= 1 && scrapeIntervalSeconds <= 60)) {
    return {
      type: 'wrong',
      message: `--scrape-interval ${values['scrape-interval']}: expected seconds from 1 to 60`,
    };
  }
  const ports = {
    kubernetes: Number(values['port-kubernetes']),
    https: Number(values['port-https']),
    http: Number(values['port-http']),
    prometheus: Number(values['port-prometheus']),
    tenancy: Number(values['port-tenancy']),
  };
  const wrongPort = Object.entries(ports).find(
    ([, port]) => !Number.isInteger(port) || port < 0 || port > 65_535,
  );
  if (wrongPort !== undefined)
    return { type: 'wrong', message: `--port-${wrongPort[0]}: expected a port number` };
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !Number.isInteger(seed))
    return { type: 'wrong', message: `--seed ${values.seed}: expected a whole number` };
  return {
    type: 'start',
    folder,
    prometheus: values.prometheus,
    endsWithParent: values['end-with-parent'],
    lab: {
      scenario,
      users,
      timeFactor,
      ports,
      scrapeIntervalMs: scrapeIntervalSeconds * 1_000,
      ...(seed === undefined ? {} : { seed }),
    },
  };
}
