import { describe, expect, test } from 'vitest';
import { buildContainer, buildEnginePod } from '../testing/build-objects';
import { argumentValue, engineParallelism } from './engine-arguments';

const engine = (overrides: Parameters<typeof buildContainer>[0]) =>
  engineParallelism(buildEnginePod('engine', 'node-a', { containers: [buildContainer(overrides)] }));

describe('engineParallelism', () => {
  test('is one of each where nothing is said', () => {
    expect(engine({})).toEqual({ tensor: 1, pipeline: 1, data: 1 });
  });

  test('reads VLLM_ADDITIONAL_ARGS where the command takes it in', () => {
    expect(engine({ additionalEngineArgs: '--tensor-parallel-size 4 --kv-cache-dtype=fp8' }).tensor).toBe(4);
  });

  test('ignores VLLM_ADDITIONAL_ARGS where the command does not', () => {
    const args = ['--model=/mnt/models'];
    expect(engine({ command: ['vllm'], args, additionalEngineArgs: '--tensor-parallel-size 4' }).tensor).toBe(
      1,
    );
  });

  test('reads words inside the shell line, short flags and underscores', () => {
    expect(engine({ args: ['eval "vllm serve /mnt/models -tp 2 --pipeline_parallel_size=2"'] })).toEqual({
      tensor: 2,
      pipeline: 2,
      data: 1,
    });
  });

  test('takes no placeholder for a number', () => {
    expect(engine({ args: ['vllm serve --data-parallel-size $SIZE'] }).data).toBe(1);
  });
});

test('the last value of a repeated flag wins', () => {
  expect(argumentValue(['--served-model-name=a', '--served-model-name', 'b'], '--served-model-name')).toBe(
    'b',
  );
  expect(argumentValue(['--port=8080'], '--served-model-name')).toBeNull();
});
