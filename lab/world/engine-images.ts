/** Releases inside the images of engines and endpoint pickers. */

/** The image of the newer scenario; invented, unlike the one of the samples. */
export const NEWER_ENGINE_IMAGE =
  'registry.redhat.io/rhaiis/vllm-cuda-rhel9@sha256:6e0f4c1d2b3a49587f6e5d4c3b2a19087f6e5d4c3b2a19087f6e5d4c3b2a1908';

/** The endpoint picker of the newer scenario: llm-d-router 0.9. */
export const NEWER_SCHEDULER_IMAGE =
  'registry.redhat.io/rhoai/odh-llm-d-inference-scheduler-rhel9@sha256:19c8b7a6f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a';

/** The release that both arms of the demo use (facts: metrics §1). */
const DEMO_VERSION = '0.10.1.1';
const NEWER_VERSION = '0.21.0';

export function vllmVersionOf(image: string): string {
  return image === NEWER_ENGINE_IMAGE ? NEWER_VERSION : DEMO_VERSION;
}

/** Whose metrics page a picker of this image shows. */
export function pickerGenerationOf(image: string | undefined): 'gie-1.0' | 'llm-d-router' {
  return image === NEWER_SCHEDULER_IMAGE ? 'llm-d-router' : 'gie-1.0';
}
