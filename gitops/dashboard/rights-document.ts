import type { ResourceId } from '@/lib/domain/objects';
import { describePlace, type Grant, READ_VERBS } from './rights';

/** Who asks for each thing, by the names on the screens. */
const USED_BY = {
  nodes: 'GPU nodes, GPU capacity, Placement',
  'pods-all': 'GPU capacity, Placement: GPUs that other namespaces hold',
  pods: 'pods of both arms, Placement',
  namespace: 'Kueue gates: is the namespace managed?',
  services: 'how each arm is reached',
  events: 'Placement: what happened',
  hpas: 'whether somebody else scales',
  deployments: 'Placement: what is under each service',
  replicasets: 'Placement: what is under each service',
  statefulsets: 'Placement: what is under each service',
  leaderworkersets: 'Placement: what is under each service',
  cronjob: 'benchmark job',
  'monitoring-config': 'is user-workload monitoring on?',
  llminferenceservices: 'the distributed arm',
  inferenceservices: 'the baseline',
  controllers: 'do the serving controllers run, and since when?',
  presets: 'presets of llm-d that the platform ships',
  'preset-overrides': 'presets of llm-d that the namespace overrides',
  hardwareprofiles: 'which queue the hardware profile sets',
  gatewayclasses: 'GatewayClass',
  gateway: 'inference Gateway',
  httproutes: 'the path through the scheduler',
  inferencepools: 'the path through the scheduler',
  'inferencepools-v1': 'the same on later releases',
  routes: 'the path past the scheduler',
  clusterqueues: 'ClusterQueue',
  localqueues: 'LocalQueue',
  clusterversion: 'OpenShift version',
  'ingress-operator': 'why a Gateway does not come up',
  subscriptions: 'operators: OpenShift AI, Connectivity Link, LeaderWorkerSet, …',
  clusterserviceversions: 'operators: did their installation succeed?',
  clusterpolicies: 'GPU operator',
  datascienceclusters: 'OpenShift AI',
  leaderworkersetoperator: 'LeaderWorkerSet operator',
  kuadrants: 'Connectivity Link',
  authorinos: 'Authorino',
  'authorino-service': 'Authorino: certificate of its gRPC port',
  'authpolicy-crd': 'were the controllers restarted after Connectivity Link came?',
  'gateway-authpolicies': 'authentication at the Gateway',
  application: 'Argo CD application',
  'console-route': 'the link to the OpenShift console',
  'argocd-route': 'the link to Argo CD',
} satisfies Record<ResourceId, string>;

const INTRODUCTION = `# What the deployed dashboard may do

It runs as ServiceAccount \`llm-d-live\` in namespace \`llm-d-live\`. Roles and table are written from the list the application itself runs on
(\`lib/server/kubernetes/resources.ts\`), and a test fails where they differ:

\`\`\`bash
npx vitest run gitops/dashboard/rbac.test.ts -u      # after a change of that list
\`\`\`

Where a right is missing, only what depends on it says so, and names the right. Discovery, \`/version\` and \`/openapi\` need no grant: every
authenticated account has them. A row with a name is a request with \`fieldSelector=metadata.name=…\`, which a right limited by
\`resourceNames\` covers.

## Reading

| verbs | group | resource | name | namespace | used by | granted in |
|---|---|---|---|---|---|---|
`;

const CONCLUSION = `
The overlays contain every component of this table; leave one out where its namespace does not exist.

Besides, a ClusterRoleBinding to OpenShift's own \`cluster-monitoring-view\` lets the account query Prometheus (port 9091 of the Thanos
querier). It covers every metric of the cluster; where that is too much, bind \`view\` in \`private-ai\` instead, set \`PROMETHEUS_URL\` to port
9092 and \`PROMETHEUS_NAMESPACE\` to \`private-ai\`.

## Optional

| component | right | for |
|---|---|---|
| \`delete-pod\` | \`delete\` on \`pods\` in \`private-ai\` | the button that deletes an engine pod; off without \`ALLOW_ACTIONS\` and a control token |
| \`pod-log\` | \`get\` on \`pods/log\` in \`private-ai\` | the log of an arm's pod on Placement; engines may log what people ask |
| \`kueue-visibility\` | \`get\` on \`localqueues/pendingworkloads.visibility.kueue.x-k8s.io\` named \`default\` in \`private-ai\` | the place in the queue of a pod that Kueue holds back |
| \`model-token\` | \`get\` on \`llminferenceservices.serving.kserve.io\` named \`mistral-3-distributed\` in \`private-ai\` | asking the model with the own token where authentication is on |

## Never

Secrets, logs of other namespaces, \`exec\`, \`attach\`, \`portforward\`, \`proxy\`, anything with \`*\`.

Other names in \`gitops/dashboard/base/settings.yaml\` need the same names in the roles, where namespaces and \`resourceNames\` stand literally.
`;

/** The text of docs/rbac.md. */
export function toRightsDocument(grants: readonly Grant[]): string {
  const rows = grants.flatMap((grant) =>
    grant.reads.map(({ id, group, resource, name, namespace }) =>
      [
        '',
        READ_VERBS.join(', '),
        group === '' ? 'core' : group,
        resource,
        name === null ? 'all' : `\`${name}\``,
        namespace === null ? 'whole cluster' : `\`${namespace}\``,
        USED_BY[id],
        describePlace(grant),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  );
  return `${INTRODUCTION}${rows.join('\n')}\n${CONCLUSION}`;
}
