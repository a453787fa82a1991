const DEPLOYING_MODELS =
  'https://docs.redhat.com/en/documentation/red_hat_openshift_ai_self-managed/3.0/html-single/deploying_models/index';

const OPENSHIFT = 'https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html';

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
  gatewayApi: {
    title: 'OpenShift 4.20, Ingress and load balancing: Gateway API',
    url: `${OPENSHIFT}/ingress_and_load_balancing/ingress-gateway-api`,
  },
  leaderWorkerSet: {
    title: 'OpenShift 4.20, AI workloads: Leader Worker Set Operator',
    url: `${OPENSHIFT}/ai_workloads/leader-worker-set-operator`,
  },
  kueue: {
    title: 'OpenShift 4.20, AI workloads: Red Hat build of Kueue',
    url: `${OPENSHIFT}/ai_workloads/red-hat-build-of-kueue`,
  },
  gpuOperator: {
    title: 'NVIDIA GPU Operator on Red Hat OpenShift Container Platform',
    url: 'https://docs.nvidia.com/datacenter/cloud-native/openshift/latest/index.html',
  },
  authentication: {
    title: 'OpenShift AI 3.0, Deploying models: configuring authentication for llm-d',
    url: `${DEPLOYING_MODELS}#configuring-authentication-for-llmd_rhoai-user`,
  },
} as const satisfies Record<string, { title: string; url: string }>;
