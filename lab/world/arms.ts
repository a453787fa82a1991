/** The two sides of the demo: the single-node engine and the llm-d service. */
export const ARMS = ['baseline', 'distributed'] as const;
export type Arm = (typeof ARMS)[number];

export function isArm(text: string): text is Arm {
  return (ARMS as readonly string[]).includes(text);
}

/** By the label that the LLMInferenceService controller puts on everything it makes. */
export function armOfLabels(labels: Record<string, string> | undefined): Arm {
  return labels?.['app.kubernetes.io/part-of'] === 'llminferenceservice' ? 'distributed' : 'baseline';
}
