import type { KubePod, PodContainer } from './core';

/** Value of `--flag=value` or `--flag value`; the last one wins, as the engine reads them. */
export function argumentValue(args: readonly string[], flag: string): string | null {
  let value: string | null = null;
  args.forEach((argument, index) => {
    const [name = '', ...rest] = argument.split('=');
    // The engine takes underscores for dashes in its flags.
    if (name.replaceAll('_', '-') !== flag) return;
    value = rest.length > 0 ? rest.join('=') : (args[index + 1] ?? null);
  });
  return value;
}

/** How the engine of one pod splits or copies the model, by its effective arguments. */
export interface EngineParallelism {
  tensor: number;
  pipeline: number;
  data: number;
}

export function engineParallelism(pod: KubePod): EngineParallelism {
  const args = effectiveArguments(pod);
  return {
    tensor: sizeOf(args, '--tensor-parallel-size', '-tp'),
    pipeline: sizeOf(args, '--pipeline-parallel-size', '-pp'),
    data: sizeOf(args, '--data-parallel-size', '-dp'),
  };
}

const ENGINE_CONTAINERS: ReadonlySet<string> = new Set(['main', 'kserve-container']);
const ADDITIONAL_ARGS = /\$\{?VLLM_ADDITIONAL_ARGS\}?/g;

/**
 * Arguments as the engine receives them: shell lines split into words, and VLLM_ADDITIONAL_ARGS only where
 * the command line really takes it in.
 */
export function effectiveArguments(pod: KubePod): readonly string[] {
  const engine = engineContainer(pod);
  return engine === null ? [] : wordsOf(engine);
}

/** The container the engine runs in, by the name its controller gives it. */
export function engineContainer(pod: KubePod): PodContainer | null {
  return pod.containers.find((container) => ENGINE_CONTAINERS.has(container.name)) ?? null;
}

function wordsOf(engine: PodContainer): readonly string[] {
  const additional = engine.additionalEngineArgs ?? '';
  return [...engine.command, ...engine.args]
    .map((argument) => argument.replaceAll(ADDITIONAL_ARGS, () => additional))
    .flatMap((argument) =>
      argument.startsWith('-') && !argument.includes(' ') ? [argument] : splitWords(argument),
    );
}

function splitWords(line: string): readonly string[] {
  return line.split(/[\s"'\\]+/).filter((word) => word !== '');
}

function sizeOf(args: readonly string[], flag: string, short: string): number {
  const value = argumentValue(args, flag) ?? argumentValue(args, short);
  return value !== null && /^\d{1,4}$/.test(value) ? Math.max(1, Number(value)) : 1;
}
