const OPENSHIFT_AI = 'https://docs.redhat.com/en/documentation/red_hat_openshift_ai_self-managed/3.0';

const DEPLOYING_MODELS = `${OPENSHIFT_AI}/html-single/deploying_models/index`;

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
  models: { title: 'OpenShift AI 3.0, Deploying models', url: DEPLOYING_MODELS },
  releaseNotes: {
    title: 'OpenShift AI 3.0, Release notes',
    url: `${OPENSHIFT_AI}/html-single/release_notes/index`,
  },
  modelMonitoring: {
    title: 'OpenShift AI 3.0, Managing and monitoring models',
    url: `${OPENSHIFT_AI}/html/managing_and_monitoring_models/index`,
  },
  accelerators: {
    title: 'OpenShift AI 3.0, Working with accelerators: enabling NVIDIA GPUs',
    url: `${OPENSHIFT_AI}/html/working_with_accelerators/enabling-nvidia-gpus_accelerators`,
  },
  userWorkloadMonitoring: {
    title: 'OpenShift 4.20, Monitoring: configuring user workload monitoring',
    url: `${OPENSHIFT}/monitoring/configuring-user-workload-monitoring`,
  },
  routes: {
    title: 'OpenShift 4.20, Ingress and load balancing: routes',
    url: `${OPENSHIFT}/ingress_and_load_balancing/routes`,
  },
  taints: {
    title: 'OpenShift 4.20, Nodes: controlling pod placement onto nodes',
    url: `${OPENSHIFT}/nodes/controlling-pod-placement-onto-nodes-scheduling`,
  },
  gitops: {
    title: 'OpenShift GitOps 1.18, Understanding OpenShift GitOps',
    url: 'https://docs.redhat.com/en/documentation/red_hat_openshift_gitops/1.18/html/understanding_openshift_gitops/index',
  },
} as const satisfies Record<string, { title: string; url: string }>;
