/** Code that an answer about a topic may show: language of the fence, text, and the sentence before it. */
export interface Snippet {
  intro: string;
  language: 'yaml' | 'sh' | 'promql';
  text: string;
}

const SERVICE = `apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata:
  name: mistral-3-distributed
  namespace: private-ai
spec:
  replicas: 2
  model:
    uri: oci://registry.example.com/models/mistral-small-24b-w4a16:1.5
    name: mistral-3-distributed
  router:
    gateway: {}
    route: {}
    scheduler: {}`;

/** By the name of the topic. */
export const SNIPPETS: Readonly<Record<string, Snippet>> = {
  'distributed inference with llm-d': {
    intro:
      'A distributed service is one resource. This one asks for two replicas and a scheduler in front of them:',
    language: 'yaml',
    text: SERVICE,
  },
  'the vLLM engine': {
    intro: 'Any client of the OpenAI protocol will do, curl among them:',
    language: 'sh',
    text: `curl -sN "$MODEL_URL/v1/chat/completions" \\
  -H 'Content-Type: application/json' \\
  -d '{"model":"mistral-3-distributed","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
  },
  'the KV cache': {
    intro: 'The hit rate is the ratio of two counters, both in tokens:',
    language: 'promql',
    text: `sum(rate(vllm:prefix_cache_hits_total[5m]))
  / sum(rate(vllm:prefix_cache_queries_total[5m]))`,
  },
  'the inference gateway': {
    intro: 'These three objects make the way in:',
    language: 'sh',
    text: `oc get gateways.gateway.networking.k8s.io -n openshift-ingress
oc get httproutes.gateway.networking.k8s.io,inferencepools -n private-ai`,
  },
  'OpenShift AI': {
    intro: 'Declare the service and let the controller do the rest:',
    language: 'yaml',
    text: SERVICE,
  },
  latency: {
    intro: 'The 95th percentile of the time to first token over the last two minutes:',
    language: 'promql',
    text: `histogram_quantile(0.95,
  sum by (le) (rate(vllm:time_to_first_token_seconds_bucket[2m])))`,
  },
  'GPUs and quantization': {
    intro: 'This shows which node carries which GPU, and who uses it:',
    language: 'sh',
    text: `oc get nodes -L node.kubernetes.io/instance-type,nvidia.com/gpu.product
oc describe nodes -l nvidia.com/gpu.present=true | grep -A8 'Allocated resources'`,
  },
  'a slow model server': {
    intro: 'Requests that wait, by pod:',
    language: 'promql',
    text: 'max by (pod) (vllm:num_requests_waiting{namespace="private-ai"})',
  },
  'scaling and operations': {
    intro: 'Look at the queue first, then at the pods and their quota:',
    language: 'sh',
    text: `oc get pods -n private-ai -o wide
oc get clusterqueue rhoai-main-queue -o yaml
oc get events -n private-ai --sort-by=.lastTimestamp | tail`,
  },
};

export function fenced({ intro, language, text }: Snippet): string {
  return `${intro}\n\n\`\`\`${language}\n${text}\n\`\`\``;
}
