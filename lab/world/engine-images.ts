/** vLLM releases inside the engine images. */

/** The image of the newer scenario; invented, unlike the one of the samples. */
export const NEWER_ENGINE_IMAGE =
  'registry.redhat.io/rhaiis/vllm-cuda-rhel9@sha256:6e0f4c1d2b3a49587f6e5d4c3b2a19087f6e5d4c3b2a19087f6e5d4c3b2a1908';

/** The release that both arms of the demo use (facts: metrics §1). */
const DEMO_VERSION = '0.10.1.1';
const NEWER_VERSION = '0.21.0';

export function vllmVersionOf(image: string): string {
  return image === NEWER_ENGINE_IMAGE ? NEWER_VERSION : DEMO_VERSION;
}
