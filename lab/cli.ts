/** `npm run lab`: starts a lab, or talks to the one that runs. */
import { type CliRequest, HELP, parseCommandLine } from './cli-options.ts';
import { sendCommand } from './control/control-client.ts';
import { LabRunsAlready } from './control/running-lab.ts';
import type { LabOptions } from './lab.ts';
import { readControl } from './lab-folder.ts';
import { choosePrometheus } from './prometheus-program/prometheus-program.ts';
import { runLab } from './run-lab.ts';

/** How often a lab that shall not outlive its parent looks for it. */
const PARENT_CHECK_MS = 1000;

async function run(options: LabOptions, folder: string, endsWithParent: boolean): Promise<void> {
  const parent = process.ppid;
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    void running.stop().then(() => process.exit(0));
  };
  const running = await runLab({ lab: options, folder, onStopAsked: end });
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  if (endsWithParent) {
    setInterval(() => {
      if (process.ppid !== parent) end();
    }, PARENT_CHECK_MS).unref();
  }
  const { urls } = running.lab;
  console.log(`Kubernetes API: ${urls.kubernetes}`);
  console.log(`Prometheus API: ${urls.prometheus} (with tenancy rules: ${urls.prometheusTenancy})`);
  console.log(`Ingress: ${urls.ingressHttps} ${urls.ingressHttp}`);
  console.log(`Environment: . ${folder}/env`);
  console.log('ready');
}

async function start(request: Extract<CliRequest, { type: 'start' }>): Promise<void> {
  const { lab, folder, prometheus, endsWithParent } = request;
  const choice = await choosePrometheus(prometheus);
  if (choice.type === 'wrong') {
    console.error(choice.message);
    process.exitCode = 2;
    return;
  }
  const options =
    choice.type === 'program' ? { ...lab, prometheusProgram: { path: choice.path, folder } } : lab;
  await run(options, folder, endsWithParent);
}

async function command(name: string, input: Record<string, unknown>, folder: string): Promise<void> {
  const control = readControl(folder);
  if (control === null) throw new Error(`no lab runs from ${folder}`);
  console.log(JSON.stringify(await sendCommand(control, name, input), null, 2));
}

const request = parseCommandLine(process.argv.slice(2));
switch (request.type) {
  case 'help':
    console.log(HELP);
    break;
  case 'wrong':
    console.error(`${request.message}\n\n${HELP}`);
    process.exitCode = 2;
    break;
  case 'start':
    await start(request).catch((error: unknown) => {
      if (!(error instanceof LabRunsAlready)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    });
    break;
  case 'command':
    await command(request.name, request.input, request.folder).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
    break;
}
