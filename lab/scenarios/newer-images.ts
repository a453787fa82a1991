import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { NEWER_ENGINE_IMAGE, NEWER_SCHEDULER_IMAGE } from '../world/engine-images.ts';

/** A preset of the platform with the images of a later release; other objects stay as they are. */
export function withNewerImages(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'LLMInferenceServiceConfig') return object;
  return JSON.parse(
    JSON.stringify(object)
      .replace(/registry\.redhat\.io\/rhaiis\/vllm-cuda-rhel9@sha256:\w+/g, NEWER_ENGINE_IMAGE)
      .replace(
        /registry\.redhat\.io\/rhoai\/odh-llm-d-inference-scheduler-rhel9@sha256:\w+/g,
        NEWER_SCHEDULER_IMAGE,
      ),
  );
}
