import 'server-only';
import { publishBridge } from '@/server/process-slot';
import { ConfigError } from './config/read-values';
import { frontDoorBridge } from './front-door-bridge';
import { getRuntime } from './runtime';

/** Starts the server core and hands the front door what it needs. Wrong settings end the process with one message. */
export function startServerCore(): void {
  try {
    publishBridge(frontDoorBridge(getRuntime()));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
