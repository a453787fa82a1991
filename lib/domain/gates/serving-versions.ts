import type { KindSchema } from '../cluster';
import type { ChecklistInput } from './gate-row';
import { lookAtView, type Sight, unaskedView } from './sight';

/** The version of OpenShift AI 3.0. */
export const SERVING = 'serving.kserve.io/v1alpha1';
/** Versions of later releases (kubernetes-objects §10), in the order in which they are looked for. */
export const NEWER_SERVING = ['serving.kserve.io/v1alpha2', 'serving.kserve.io/v1'] as const;

export interface ServiceSchema {
  groupVersion: string;
  sight: Sight<KindSchema>;
  /** `null` where no version publishes the kind, or nothing can be seen. */
  schema: KindSchema | null;
}

/** The schema of LLMInferenceService in the first version that publishes one; else what 3.0's version says. */
export function findServiceSchema(input: ChecklistInput): ServiceSchema {
  const seen = [SERVING, ...NEWER_SERVING].map((groupVersion): ServiceSchema => {
    const view = input.cluster.schemas[groupVersion] ?? unaskedView(`GET /openapi/v3/apis/${groupVersion}`);
    const sight = lookAtView(input, view);
    const schema =
      sight.kind === 'seen' ? sight.items.find(({ kind }) => kind === 'LLMInferenceService') : undefined;
    return { groupVersion, sight, schema: schema ?? null };
  });
  const [first] = seen;
  if (first === undefined) throw new Error('there is no serving version to look for');
  return first.sight.kind === 'hidden' ? first : (seen.find(({ schema }) => schema !== null) ?? first);
}
