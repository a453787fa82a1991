/** What the demo is about: names and expectations, parsed once from the configuration. Pure data. */
export interface DemoSettings {
  namespace: string;
  baselineName: string;
  distributedName: string;
  gateway: { namespace: string; name: string };
  instanceType: string;
  expectedReplicas: number;
  kueueLocalQueue: string;
  benchmarkCronJob: string;
  argocdApplication: { namespace: string; name: string };
  /** URL overrides; `null` means resolve from the cluster's objects. */
  endpointOverride: { baseline: string | null; distributed: string | null };
}

export const DEFAULT_SETTINGS: DemoSettings = {
  namespace: 'private-ai',
  baselineName: 'mistral-3-int4',
  distributedName: 'mistral-3-distributed',
  gateway: { namespace: 'openshift-ingress', name: 'openshift-ai-inference' },
  instanceType: 'g6.4xlarge',
  expectedReplicas: 2,
  kueueLocalQueue: 'default',
  benchmarkCronJob: 'guidellm-daily',
  argocdApplication: { namespace: 'openshift-gitops', name: 'step-08-llm-d' },
  endpointOverride: { baseline: null, distributed: null },
};
