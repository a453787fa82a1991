/** What a presenter types, one command after the other, in three states of the cluster, with what goes wrong there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import { hasKubectl, openShell, type Shell } from './kubectl-fixture.ts';

type State = 'healthy' | 'as-shipped' | 'bare';

/** Exit code, and what must be in the output or in the error text. */
type Expected = [code: number, text: RegExp];

interface Step {
  line: string;
  expected: Record<State, Expected>;
}

const step = (line: string, healthy: Expected, asShipped: Expected, bare: Expected): Step => ({
  line,
  expected: { healthy, 'as-shipped': asShipped, bare },
});
const inDemo = (line: string, there: Expected, bare: Expected): Step => step(line, there, there, bare);

const NO_KIND: Expected = [1, /the server doesn't have a resource type "(llmisvc|llminferenceservice)"/];
const NO_NAMESPACE: Expected = [1, /namespaces "private-ai" not found/];

/** `timeout` ends what would go on for ever; 124 says that it had to. */
const ENDED_BY_HAND = 124;

const STEPS: Step[] = [
  step(
    'kubectl get nodes -o wide',
    [0, /ip-10-0-21-87\S+ +Ready +gpu,worker[^\n]+cri-o:\/\//],
    [0, /ip-10-0-21-87\S+ +Ready +gpu,worker[^\n]+cri-o:\/\//],
    [0, /ip-10-0-18-31\S+ +Ready +control-plane,master(?![\s\S]*gpu,worker)/],
  ),
  inDemo(
    'timeout 2 kubectl get pods -n private-ai -o wide -w',
    [
      ENDED_BY_HAND,
      /NOMINATED NODE[^\n]+\nmistral-3-distributed-kserve-\S+ +2\/2 +Running +0 +\d+m +10\.\d+\.\d+\.\d+ +ip-/,
    ],
    [ENDED_BY_HAND, /^$/],
  ),
  step(
    'kubectl get llmisvc',
    [0, /mistral-3-distributed +http:\/\/\S+ +True/],
    [0, /mistral-3-distributed +False +RefsInvalid/],
    NO_KIND,
  ),
  step(
    'kubectl describe llmisvc mistral-3-distributed',
    [0, /Type: +Ready\n[\s\S]*Events:/],
    [0, /Reason: +RefsInvalid[\s\S]*Events:/],
    NO_KIND,
  ),
  inDemo(
    'kubectl describe pod -l app.kubernetes.io/name=mistral-3-distributed',
    [0, /nvidia\.com\/gpu: +1[\s\S]+Node-Selectors/],
    [0, /^No resources found in private-ai namespace\.\n$/],
  ),
  inDemo(
    'kubectl describe node ip-10-0-21-87.us-east-2.compute.internal',
    [0, /nvidia\.com\/gpu +1 +1/],
    [1, /\(NotFound\): nodes "ip-10-0-21-87\.us-east-2\.compute\.internal" not found/],
  ),
  inDemo(
    'kubectl explain llminferenceservice.spec.router --recursive',
    [0, / {2}scheduler\t<Object>\n {4}pool\t<Object>/],
    NO_KIND,
  ),
  inDemo(
    'kubectl explain pods.spec.containers --recursive',
    [0, / {2}livenessProbe\t<Object>/],
    [0, / {2}livenessProbe\t<Object>/],
  ),
  inDemo(
    'kubectl api-resources',
    [0, /\nllminferenceservices +llmisvc +serving\.kserve\.io\/v1alpha1 +true +LLMInferenceService/],
    [0, /\npods +po +v1 +true +Pod(?![\s\S]*llminferenceservices)/],
  ),
  inDemo(
    'kubectl get crd',
    [0, /\nllminferenceservices\.serving\.kserve\.io +20/],
    [0, /^NAME +CREATED AT\nclusteroperators(?![\s\S]*llminferenceservices)/],
  ),
  inDemo('kubectl auth can-i --list', [0, /\*\.\* +\[\] +\[\] +\[\*\]/], [0, /\*\.\* +\[\] +\[\] +\[\*\]/]),
  inDemo(
    'kubectl get events',
    [0, /LAST SEEN +TYPE +REASON[^\n]+\n\d+\w* +\w+ +\w+/],
    [0, /^No resources found in private-ai namespace\.\n$/],
  ),
  inDemo(
    'kubectl apply --server-side -k demo',
    [0, /^configmap\/demo-prompts serverside-applied\n$/],
    [1, /\(NotFound\): namespaces "private-ai" not found/],
  ),
  inDemo(
    'kubectl apply --server-side --field-manager=other -k demo-changed',
    [1, /Apply failed with 1 conflict: conflict with "kubectl": \.data\.first/],
    NO_NAMESPACE,
  ),
  inDemo(
    'kubectl apply -f list.yaml',
    [0, /^configmap\/listed-1 created\nconfigmap\/listed-2 created\n$/],
    NO_NAMESPACE,
  ),
  inDemo(
    'kubectl apply -f wrong-list.yaml',
    [1, /ValidationError\(ConfigMap\): unknown field "dada" in io\.k8s\.api\.core\.v1\.ConfigMap/],
    [1, /ValidationError\(ConfigMap\): unknown field "dada" in io\.k8s\.api\.core\.v1\.ConfigMap/],
  ),
  inDemo(
    'kubectl scale deployment mistral-3-int4-predictor --replicas=0',
    [0, /^deployment\.apps\/mistral-3-int4-predictor scaled\n$/],
    [1, /no objects passed to scale/],
  ),
  inDemo(
    'kubectl wait --for=delete pod -l component=predictor --timeout=30s',
    [0, /condition met/],
    [0, /^$/],
  ),
  inDemo(
    'kubectl scale deployment mistral-3-int4-predictor --replicas=1',
    [0, /scaled/],
    [1, /no objects passed to scale/],
  ),
  inDemo(
    'kubectl rollout status deployment mistral-3-int4-predictor --timeout=40s',
    [0, /deployment "mistral-3-int4-predictor" successfully rolled out/],
    NO_NAMESPACE,
  ),
  step(
    'kubectl wait --for=condition=Ready llmisvc/mistral-3-distributed --timeout=5s',
    [0, /llminferenceservice\.serving\.kserve\.io\/mistral-3-distributed condition met/],
    [1, /timed out waiting for the condition on llminferenceservices\/mistral-3-distributed/],
    NO_KIND,
  ),
  inDemo(
    'timeout 2 kubectl logs -f deployment/mistral-3-int4-predictor --tail=1',
    [ENDED_BY_HAND, /INFO: +Application startup complete\.\n/],
    NO_NAMESPACE,
  ),
  inDemo(
    'kubectl logs deployment/mistral-3-int4-predictor -c nobody',
    [1, /container nobody is not valid for pod mistral-3-int4-predictor-/],
    NO_NAMESPACE,
  ),
  inDemo(
    'kubectl delete pod -l component=predictor --wait=false',
    [0, /^pod "mistral-3-int4-predictor-\S+" deleted\n$/],
    [0, /^No resources found\n$/],
  ),
  inDemo(
    'kubectl --context lab-reader delete pod -l component=predictor',
    [
      1,
      /\(Forbidden\): pods "mistral-3-int4-predictor-\S+" is forbidden: User "system:serviceaccount:private-ai:demo-dashboard" cannot delete/,
    ],
    [0, /^No resources found\n$/],
  ),
];

/** The generators of typed clients, which talk protobuf; the answers do not depend on the scene. */
const GENERATORS: [line: string, text: RegExp][] = [
  ['kubectl create namespace stage', /^namespace\/stage created\n$/],
  [
    'kubectl create deployment web -n stage --image=registry.example.com/web:1 --replicas=0 --port=80',
    /^deployment\.apps\/web created\n$/,
  ],
  [
    'kubectl get deployment web -n stage -o jsonpath="{.spec.replicas} {.spec.template.spec.containers[0].ports[0].containerPort} {.spec.selector.matchLabels.app}"',
    /^0 80 web$/,
  ],
  ['kubectl expose deployment web -n stage', /^service\/web exposed\n$/],
  ['kubectl create configmap words -n stage --from-literal=hello=world', /^configmap\/words created\n$/],
  ['kubectl get configmap words -n stage -o jsonpath="{.data.hello}"', /^world$/],
  ['kubectl create secret generic key -n stage --from-literal=a=b', /^secret\/key created\n$/],
  ['kubectl get secret key -n stage -o jsonpath="{.type} {.data.a}"', /^Opaque Yg==$/],
  ['kubectl create serviceaccount robot -n stage', /^serviceaccount\/robot created\n$/],
  [
    'kubectl create role look -n stage --verb=get,list --resource=pods,deployments.apps',
    /^role\.rbac\.authorization\.k8s\.io\/look created\n$/,
  ],
  [
    'kubectl create rolebinding look -n stage --role=look --serviceaccount=stage:robot',
    /^rolebinding\.rbac\.authorization\.k8s\.io\/look created\n$/,
  ],
  ['kubectl auth can-i list pods -n stage --as=system:serviceaccount:stage:robot', /^yes\n$/],
  ['kubectl auth can-i list secrets -n stage --as=system:serviceaccount:stage:robot || true', /^no\n$/],
  [
    'kubectl --context nobody --token="$(kubectl create token robot -n stage)" auth whoami',
    /system:serviceaccount:stage:robot/,
  ],
  [
    'kubectl --context nobody --token="$(kubectl create token robot -n stage)" get deployments -n stage',
    /web +0\/0/,
  ],
  ['kubectl create job once -n stage --image=registry.example.com/job:1', /^job\.batch\/once created\n$/],
  [
    'kubectl create cronjob daily -n stage --image=registry.example.com/job:1 --schedule="0 2 * * *"',
    /^cronjob\.batch\/daily created\n$/,
  ],
  [
    'kubectl autoscale deployment web -n stage --min=0 --max=3',
    /^horizontalpodautoscaler\.autoscaling\/web autoscaled\n$/,
  ],
  [
    'kubectl create clusterrolebinding stage-view --clusterrole=view --group=stage',
    /^clusterrolebinding\.rbac\.authorization\.k8s\.io\/stage-view created\n$/,
  ],
  ['kubectl auth can-i get llminferenceservices -A --as=ana --as-group=stage', /^yes\n$/],
  ['kubectl delete deployment web -n stage --cascade=foreground', /^deployment\.apps "web" deleted\n$/],
];

function writeManifests(folder: string): void {
  const prompts = (first: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: demo-prompts\ndata:\n  first: ${first}\n`;
  for (const [name, first] of [
    ['demo', 'Hello'],
    ['demo-changed', 'Goodbye'],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'prompts.yaml'), prompts(first));
    writeFileSync(
      join(folder, name, 'kustomization.yaml'),
      'namespace: private-ai\nresources: [prompts.yaml]\n',
    );
  }
  const list = (fields: string[]): string =>
    `apiVersion: v1\nkind: List\nitems:\n${fields
      .map(
        (field, index) =>
          `- {apiVersion: v1, kind: ConfigMap, metadata: {name: listed-${index + 1}, namespace: private-ai}, ${field}: {a: b}}\n`,
      )
      .join('')}`;
  writeFileSync(join(folder, 'list.yaml'), list(['data', 'data']));
  writeFileSync(join(folder, 'wrong-list.yaml'), list(['dada']));
}

async function open(scenario: State): Promise<{ lab: Lab; shell: Shell }> {
  const lab = await startLab({ scenario, timeFactor: 0.001 });
  const shell = openShell(lab);
  writeManifests(shell.folder);
  return { lab, shell };
}

describe.skipIf(!hasKubectl()).each<State>(['healthy', 'as-shipped', 'bare'])('%s', (state) => {
  let lab: Lab;
  let shell: Shell;
  beforeAll(async () => {
    ({ lab, shell } = await open(state));
  });
  afterAll(async () => {
    await lab.stop();
    shell.remove();
  });

  test.each(STEPS)(
    '$line',
    async ({ line, expected }) => {
      const { code, out, error } = await shell.run(`cd ${shell.folder} && ${line}`);
      const [wantedCode, wantedText] = expected[state];
      expect(out + error).toMatch(wantedText);
      expect(code).toBe(wantedCode);
    },
    60_000,
  );
});

describe.skipIf(!hasKubectl())('what generators make', () => {
  let lab: Lab;
  let shell: Shell;
  beforeAll(async () => {
    ({ lab, shell } = await open('healthy'));
    await shell.run('kubectl config set-context nobody --cluster=lab --user=nobody');
  });
  afterAll(async () => {
    await lab.stop();
    shell.remove();
  });

  test.each(GENERATORS)('%s', async (line, text) => {
    const { code, out, error } = await shell.run(line);
    expect({ code, error }).toEqual({ code: 0, error: expect.stringMatching(/^$|^Warning: |^no$/) });
    expect(out).toMatch(text);
  });
});
