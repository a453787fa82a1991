const DEPLOYING_MODELS =
  'https://docs.redhat.com/en/documentation/red_hat_openshift_ai_self-managed/3.0/html-single/deploying_models/index';

/** Official documents by the part that asks for the gate (kubernetes-objects §7, "Documents"). */
export const DOCUMENTS = {
  enabling: {
    title: 'OpenShift AI 3.0, Deploying models: enabling Distributed Inference with llm-d',
    url: `${DEPLOYING_MODELS}#enabling-distributed-inference_rhoai-user`,
  },
  deploying: {
    title: 'OpenShift AI 3.0, Deploying models: deploying with Distributed Inference with llm-d',
    url: `${DEPLOYING_MODELS}#deploying-models-using-distributed-inference_rhoai-user`,
  },
  authentication: {
    title: 'OpenShift AI 3.0, Deploying models: configuring authentication for llm-d',
    url: `${DEPLOYING_MODELS}#configuring-authentication-for-llmd_rhoai-user`,
  },
} as const satisfies Record<string, { title: string; url: string }>;
