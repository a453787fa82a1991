/** The seed plan's own commands (sections A and D and the enrichments), kubectl for oc, in three states of the cluster. */
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

const missingType = (name: string, code = 1): Expected => [
  code,
  new RegExp(`the server doesn't have a resource type "${name}"`),
];
const EMPTY: Expected = [0, /^$/];
const everywhere = (expected: Expected): Record<State, Expected> => ({
  healthy: expected,
  'as-shipped': expected,
  bare: expected,
});
const demoOnly = (expected: Expected, bare: Expected): Record<State, Expected> => ({
  healthy: expected,
  'as-shipped': expected,
  bare,
});

const NO_SERVICE = missingType('llminferenceservice');

const STEPS: Step[] = [
  {
    line: 'kubectl api-resources | grep -i llminferenceservice',
    expected: demoOnly(
      [
        0,
        /^llminferenceserviceconfigs [^\n]+\nllminferenceservices +llmisvc +serving\.kserve\.io\/v1alpha1 +true/,
      ],
      [1, /^$/],
    ),
  },
  {
    line: 'kubectl explain llminferenceservice',
    expected: demoOnly([0, /KIND: +LLMInferenceService\nVERSION: +v1alpha1\n/], NO_SERVICE),
  },
  {
    line: 'kubectl explain llminferenceservice.spec',
    expected: demoOnly(
      [0, / {2}model\t<Object>[\s\S]+ {2}router\t<Object>[\s\S]+ {2}worker\t<Object>/],
      NO_SERVICE,
    ),
  },
  {
    line: 'kubectl get crd | grep -i leaderworkerset',
    expected: {
      healthy: [0, /^leaderworkersetoperators[^\n]+\nleaderworkersets\.leaderworkerset\.x-k8s\.io/],
      'as-shipped': [0, /^leaderworkersetoperators\.operator\.openshift\.io +\S+\n$/],
      bare: [1, /^$/],
    },
  },
  {
    line: 'kubectl explain leaderworkerset || true',
    expected: {
      healthy: [0, /KIND: +LeaderWorkerSet\n/],
      'as-shipped': missingType('leaderworkerset', 0),
      bare: missingType('leaderworkerset', 0),
    },
  },
  {
    line: 'kubectl get gatewayclass',
    expected: {
      healthy: [0, /openshift-default +openshift\.io\/gateway-controller\/v1 +True/],
      'as-shipped': [0, /^NAME[^\n]+\ndata-science-gateway-class[^\n]+\n$/],
      bare: [0, /^No resources found\n$/],
    },
  },
  {
    line: 'kubectl get gateway -n openshift-ingress openshift-ai-inference',
    expected: {
      healthy: [0, /openshift-ai-inference +openshift-default +\S+\.elb\.amazonaws\.com +True/],
      'as-shipped': [
        1,
        /\(NotFound\): gateways\.gateway\.networking\.k8s\.io "openshift-ai-inference" not found/,
      ],
      bare: [1, /\(NotFound\): gateways\.gateway\.networking\.k8s\.io "openshift-ai-inference" not found/],
    },
  },
  { line: 'kubectl get crd | grep -iE "inferencegateway|maas" || true', expected: everywhere(EMPTY) },
  {
    line: 'kubectl get clusterqueue rhoai-main-queue',
    expected: demoOnly([0, /rhoai-main-queue +0\n/], missingType('clusterqueue')),
  },
  {
    line: 'kubectl get localqueue default -n private-ai',
    expected: {
      healthy: [0, /default +rhoai-main-queue +0 +4\n/],
      'as-shipped': [0, /default +rhoai-main-queue +0 +3\n/],
      bare: missingType('localqueue'),
    },
  },
  {
    line: 'kubectl get llminferenceservice -n private-ai',
    expected: {
      healthy: [0, /mistral-3-distributed +http:\/\/\S+ +True/],
      'as-shipped': [0, /mistral-3-distributed +False +RefsInvalid/],
      bare: NO_SERVICE,
    },
  },
  {
    line: 'kubectl describe llminferenceservice -n private-ai mistral-3-distributed',
    expected: {
      healthy: [0, /Created v1\.HTTPRoute private-ai\/mistral-3-distributed-kserve-route/],
      'as-shipped': [
        0,
        /Warning +Error [^\n]+Reconciliation failed: Managed HTTPRoute references non-existent Gateway openshift-ingress\/openshift-ai-inference/,
      ],
      bare: NO_SERVICE,
    },
  },
  {
    line: 'kubectl get pods -n private-ai -o wide | grep -i mistral-3-distributed',
    expected: {
      healthy: [0, /^(mistral-3-distributed-kserve-\S+ +[12]\/[12] +Running[^\n]+\n){3}$/],
      'as-shipped': [0, /^(mistral-3-distributed-kserve-\S+ +2\/2 +Running[^\n]+\n){2}$/],
      bare: [1, /^No resources found in private-ai namespace\.\n$/],
    },
  },
  {
    line: 'kubectl get route -n private-ai',
    expected: demoOnly(
      [0, /mistral-3-distributed[^\n]+passthrough[^\n]+\nmistral-3-int4[^\n]+edge\/Redirect/],
      [0, /^No resources found in private-ai namespace\.\n$/],
    ),
  },
  {
    line: 'kubectl get cronjob guidellm-daily -n private-ai',
    expected: demoOnly(
      [0, /guidellm-daily +0 2 \* \* \* /],
      [1, /\(NotFound\): (cronjobs\.batch "guidellm-daily"|namespaces "private-ai") not found/],
    ),
  },
  {
    line: 'kubectl explain llminferenceservice.spec.router || true',
    expected: demoOnly(
      [0, / {2}gateway\t<Object>[\s\S]+ {2}scheduler\t<Object>/],
      missingType('llminferenceservice', 0),
    ),
  },
  {
    line: 'kubectl explain llminferenceservice.spec.model || true',
    expected: demoOnly([0, / {2}uri\t<string> -required-/], missingType('llminferenceservice', 0)),
  },
  {
    line: 'kubectl get inferenceservice -n private-ai -o yaml | grep -E "deploymentMode|minReplicas|maxReplicas" -n || true',
    expected: demoOnly(
      [0, /deploymentMode: RawDeployment\n[\s\S]+maxReplicas: 1\n\d+: +minReplicas: 1\n/],
      missingType('inferenceservice', 0),
    ),
  },
  {
    line: 'kubectl get hpa -n private-ai',
    expected: demoOnly(
      [0, /mistral-3-int4-predictor +Deployment\/mistral-3-int4-predictor/],
      [0, /^No resources found in private-ai namespace\.\n$/],
    ),
  },
  {
    line: 'kubectl get knativepodautoscaler -n private-ai 2>/dev/null || true',
    expected: everywhere(EMPTY),
  },
];

test.skipIf(process.env.ALLOW_NO_KUBECTL === '1')('there is a kubectl to walk with', () => {
  expect(hasKubectl()).toBe(true);
});

describe.skipIf(!hasKubectl()).each<State>(['healthy', 'as-shipped', 'bare'])('%s', (state) => {
  let lab: Lab;
  let shell: Shell;
  beforeAll(async () => {
    lab = await startLab({ scenario: state });
    shell = openShell(lab);
  });
  afterAll(async () => {
    await lab.stop();
    shell.remove();
  });

  test.each(STEPS)('$line', async ({ line, expected }) => {
    const { code, out, error } = await shell.run(line);
    const [wantedCode, wantedText] = expected[state];
    expect(out + error).toMatch(wantedText);
    expect(code).toBe(wantedCode);
  });
});

describe.skipIf(!hasKubectl())('what a presenter types', () => {
  let lab: Lab;
  let shell: Shell;
  beforeAll(async () => {
    lab = await startLab({ timeFactor: 0.001 });
    shell = openShell(lab);
  });
  afterAll(async () => {
    await lab.stop();
    shell.remove();
  });

  test.each<[string, RegExp]>([
    ['kubectl get nodes -o wide', /ip-10-0-21-87\S+ +Ready +gpu,worker/],
    ['kubectl get llmisvc', /mistral-3-distributed +http/],
    [
      'kubectl explain llminferenceservice.spec.router --recursive',
      / {2}scheduler\t<Object>\n {4}pool\t<Object>/,
    ],
    ['kubectl api-resources --api-group=kueue.x-k8s.io', /clusterqueues +cq/],
    ['kubectl auth can-i --list', /\*\.\* +\[\] +\[\] +\[\*\]/],
    ['kubectl --context lab-reader auth can-i --list', /pods\.\*\/log +\[\] +\[\] +\[get list watch\]/],
    ['kubectl get events', /ScalingReplicaSet/],
    ['kubectl get clusterrolebinding demo-dashboard', /demo-dashboard +ClusterRole\/demo-dashboard/],
  ])('%s', async (line, text) => {
    const { code, out, error } = await shell.run(line);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(text);
  });

  test('a Role and a RoleBinding give a user of the cluster rights, and take them again', async () => {
    const asReader = 'kubectl --context lab-reader auth can-i list secrets -n private-ai';
    expect((await shell.run(asReader)).out).toBe('no\n');
    const manifest = [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'peek', namespace: 'private-ai' },
        rules: [{ verbs: ['list'], apiGroups: [''], resources: ['secrets'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'peek', namespace: 'private-ai' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'peek' },
        subjects: [{ kind: 'ServiceAccount', name: 'demo-dashboard', namespace: 'private-ai' }],
      },
    ].map((object) => JSON.stringify(object));
    const applied = await shell.run(`printf '%s\\n---\\n%s' '${manifest.join("' '")}' | kubectl apply -f -`);
    expect(applied).toEqual({
      code: 0,
      out: 'role.rbac.authorization.k8s.io/peek created\nrolebinding.rbac.authorization.k8s.io/peek created\n',
      error: '',
    });
    expect((await shell.run(asReader)).out).toBe('yes\n');
    await shell.run('kubectl delete rolebinding peek');
    expect((await shell.run(asReader)).out).toBe('no\n');
  });
});
