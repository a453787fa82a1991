import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface StartedChild {
  process: ChildProcess;
  /** Resolves with the first line of stdout that matches; rejects when the program ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when the program is gone. */
  stop(graceMs?: number): Promise<void>;
  exited: Promise<number>;
}

export interface ChildOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Called with each line the program prints. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Starts a program whose output is read line by line. An IPC channel ties its life to ours. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): StartedChild {
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const seen: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = child[name];
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      options.onLine?.(line, name);
      if (name !== 'stdout') return;
      seen.push(line);
      if (seen.length > 1_000) seen.shift();
      for (const listener of listeners) listener(line);
    });
  }
  const exited = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      options.onLine?.(`${command}: ${error.message}`, 'stderr');
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 143)));
  });
  return {
    process: child,
    exited,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (text: string): boolean => {
          const match = pattern.exec(text);
          if (match === null) return false;
          listeners.delete(check);
          resolve(match);
          return true;
        };
        if (seen.some(check)) return;
        listeners.add(check);
        void exited.then((code) =>
          reject(new Error(`${command} ended (${code}) before it printed ${pattern}`)),
        );
      }),
    stop: async (graceMs = 9_500) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** A program that was asked to end and does not is ended after this. */
const VISIBLE_GRACE_MS = 5_000;

/** Runs a program to its end with its output shown, or until `signal` ends it. Resolves with the exit code. */
export function runVisibly(
  command: string,
  args: readonly string[],
  { signal, ...options }: { cwd: string; env?: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { ...options, stdio: 'inherit' });
    const end = (): void => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), VISIBLE_GRACE_MS).unref();
    };
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end, { once: true });
    child.on('exit', () => signal?.removeEventListener('abort', end));
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 143)));
  });
}
