import { test as base } from './fixtures';
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from './scripted-model';
import { openStage, type Stage } from './stage';

/** Tests whose baseline lane is a model that answers what the test wrote down; the other lane is the lab's. */
export function testWithModel(
  env: Readonly<Record<string, string>> = {},
  modelOptions: ScriptedModelOptions = {},
) {
  return base.extend<object, { model: ScriptedModel; stage: Stage }>({
    model: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
      async ({}, use) => {
        const model = await startScriptedModel(modelOptions);
        await use(model);
        await model.close();
      },
      { scope: 'worker' },
    ],
    stage: [
      async ({ model }, use) => {
        const stage = await openStage({ labArguments: [], env: { BASELINE_URL: model.url, ...env } });
        await use(stage);
        await stage.close();
      },
      { scope: 'worker', timeout: 90_000 },
    ],
  });
}
