/** `npm run lab`: starts a lab, or talks to the one that runs. */
import { HELP, parseCommandLine } from './cli-options.ts';
import { startControl } from './control/control-api.ts';
import { sendCommand } from './control/control-client.ts';
import { type LabOptions, startLab } from './lab.ts';
import { clearFolder, readControl, writeFolder } from './lab-folder.ts';

async function run(options: LabOptions, folder: string): Promise<void> {
  const lab = await startLab(options);
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    clearFolder(folder);
    await Promise.all([lab.stop(), control.stop()]);
    process.exit(0);
  };
  const control = await startControl({
    lab,
    scenario: options.scenario ?? 'healthy',
    onStop: () => void stop(),
  });
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  writeFolder(lab, folder, control.address);
  console.log(`Kubernetes API: ${lab.urls.kubernetes}`);
  console.log(`Prometheus API: ${lab.urls.prometheus}`);
  console.log(`Ingress: ${lab.urls.ingressHttps} ${lab.urls.ingressHttp}`);
  console.log(`Environment: . ${folder}/env`);
  console.log('ready');
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
    await run(request.lab, request.folder);
    break;
  case 'command':
    await command(request.name, request.input, request.folder).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
    break;
}
