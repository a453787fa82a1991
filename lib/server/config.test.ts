import { describe, expect, it } from 'vitest';
import { pickIndex, seededRandom } from '@/lib/domain/seeded-random';
import { type Config, isBoundToLoopback, parseConfig } from './config';
import { ConfigError } from './config/read-values';
import { VARIABLES } from './config/variables';

/** Files that exist, by path. */
function filesOf(files: Record<string, string>): (path: string) => string {
  return (path) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error(`open ${path}`), { code: 'ENOENT' });
    return content;
  };
}

function parse(environment: Record<string, string>, files: Record<string, string> = {}): Config {
  return parseConfig(environment, filesOf(files));
}

function problemsOf(
  environment: Record<string, string>,
  files: Record<string, string> = {},
): readonly string[] {
  try {
    parse(environment, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  it('has a default for everything', () => {
    expect(parse({})).toEqual({
      settings: {
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
      },
      kubernetes: { kubeconfigFiles: [], context: null, homeDirectory: null, inCluster: null },
      endpoints: {
        apiKeys: { baseline: null, distributed: null },
        caFile: null,
        ingressConnectTo: new Map(),
      },
      prometheus: { url: null, tokenFile: null, caFile: null, namespace: null },
      show: {
        promptsFile: null,
        pricesFile: null,
        targetsFile: null,
        guidellmPath: null,
        chatMaxConcurrent: 32,
        chatReaderSilentSeconds: 1,
        loadMaxUsers: null,
      },
      rights: { allowedActions: [], controlToken: null, publicHosts: [] },
      server: { port: 3000, hostname: '127.0.0.1', logLevel: 'info' },
      proxy: { httpsProxy: null, noProxy: '' },
    } satisfies Config);
  });

  it('reads every variable', () => {
    const environment = {
      KUBECONFIG: '/a/config:/b/config',
      KUBE_CONTEXT: 'stage',
      DEMO_NAMESPACE: 'ai',
      BASELINE_NAME: 'small',
      DISTRIBUTED_NAME: 'large',
      GATEWAY: 'gateways/main',
      INSTANCE_TYPE: 'g6e.2xlarge',
      EXPECTED_REPLICAS: '3',
      KUEUE_LOCAL_QUEUE: 'team',
      BENCHMARK_CRONJOB: 'nightly',
      ARGOCD_APPLICATION: 'argo/step',
      BASELINE_URL: 'https://small.example/v1',
      DISTRIBUTED_URL: 'http://large.svc:8000',
      BASELINE_API_KEY: 'key-one',
      DISTRIBUTED_API_KEY_FILE: '/keys/large',
      MODEL_CA_FILE: '/ca.pem',
      INGRESS_CONNECT_TO: '443=127.0.0.1:8443, 80=[::1]:8080',
      PROMETHEUS_URL: 'https://thanos.example:9091',
      PROMETHEUS_TOKEN_FILE: '/token',
      PROMETHEUS_CA_FILE: '/ca.pem',
      PROMETHEUS_NAMESPACE: 'ai',
      PROMPTS_FILE: '/prompts.yaml',
      PRICES_FILE: '/prices.yaml',
      TARGETS_FILE: '/targets.yaml',
      GUIDELLM_PATH: '/usr/bin/guidellm',
      CHAT_MAX_CONCURRENT: '48',
      CHAT_READER_SILENT_SECONDS: '5',
      LOAD_MAX_USERS: '64',
      ALLOW_ACTIONS: 'delete-pod',
      CONTROL_TOKEN: 'token-one',
      PUBLIC_HOSTS: 'Demo.Apps.Example, other.example:8443',
      PORT: '0',
      HOSTNAME: '0.0.0.0',
      LOG_LEVEL: 'debug',
      HTTPS_PROXY: 'http://user:word@proxy.example:3128',
      NO_PROXY: '.svc,10.0.0.0/8',
      HOME: '/home/presenter',
      KUBERNETES_SERVICE_HOST: '172.30.0.1',
      KUBERNETES_SERVICE_PORT: '443',
    };
    const files = {
      '/keys/large': 'key-two\n',
      '/ca.pem': 'PEM',
      '/token': 'abc',
      '/prompts.yaml': '',
      '/prices.yaml': '',
      '/targets.yaml': '',
    };
    expect(parse(environment, files)).toEqual({
      settings: {
        namespace: 'ai',
        baselineName: 'small',
        distributedName: 'large',
        gateway: { namespace: 'gateways', name: 'main' },
        instanceType: 'g6e.2xlarge',
        expectedReplicas: 3,
        kueueLocalQueue: 'team',
        benchmarkCronJob: 'nightly',
        argocdApplication: { namespace: 'argo', name: 'step' },
        endpointOverride: { baseline: 'https://small.example/v1', distributed: 'http://large.svc:8000/' },
      },
      kubernetes: {
        kubeconfigFiles: ['/a/config', '/b/config'],
        context: 'stage',
        homeDirectory: '/home/presenter',
        inCluster: { host: '172.30.0.1', port: '443' },
      },
      endpoints: {
        apiKeys: { baseline: 'key-one', distributed: 'key-two' },
        caFile: '/ca.pem',
        ingressConnectTo: new Map([
          [443, { host: '127.0.0.1', port: 8443 }],
          [80, { host: '::1', port: 8080 }],
        ]),
      },
      prometheus: {
        url: new URL('https://thanos.example:9091'),
        tokenFile: '/token',
        caFile: '/ca.pem',
        namespace: 'ai',
      },
      show: {
        promptsFile: '/prompts.yaml',
        pricesFile: '/prices.yaml',
        targetsFile: '/targets.yaml',
        guidellmPath: '/usr/bin/guidellm',
        chatMaxConcurrent: 48,
        chatReaderSilentSeconds: 5,
        loadMaxUsers: 64,
      },
      rights: {
        allowedActions: ['delete-pod'],
        controlToken: 'token-one',
        publicHosts: ['demo.apps.example', 'other.example:8443'],
      },
      server: { port: 0, hostname: '0.0.0.0', logLevel: 'debug' },
      proxy: { httpsProxy: 'http://user:word@proxy.example:3128', noProxy: '.svc,10.0.0.0/8' },
    } satisfies Config);
  });

  it('names every wrong variable in one message, with what was read and what is allowed', () => {
    expect(
      problemsOf({
        DEMO_NAMESPACE: 'Private_AI',
        GATEWAY: 'just-a-name',
        EXPECTED_REPLICAS: '2.5',
        BASELINE_URL: 'ftp://model',
        INGRESS_CONNECT_TO: '443=host',
        PROMPTS_FILE: '/none.yaml',
        ALLOW_ACTIONS: 'delete-pod,delete-node',
        PORT: '70000',
        LOG_LEVEL: 'loud',
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      }),
    ).toEqual([
      'NODE_TLS_REJECT_UNAUTHORIZED: read "0" from the environment; allowed: not set (certificates are always checked; name a CA file instead)',
      'DEMO_NAMESPACE: read "Private_AI" from the environment; allowed: a Kubernetes name (lower-case letters, digits, "-" and ".")',
      'GATEWAY: read "just-a-name" from the environment; allowed: namespace/name, both Kubernetes names',
      'EXPECTED_REPLICAS: read "2.5" from the environment; allowed: a whole number from 1 to 1000',
      'BASELINE_URL: read a value that is not shown from the environment; allowed: an http or https URL without user name and password',
      'INGRESS_CONNECT_TO: read "443=host" from the environment; allowed: port=host:port, several separated by ","',
      'PROMPTS_FILE: read "/none.yaml" from the environment (no such file); allowed: the path of a readable file',
      'ALLOW_ACTIONS: read "delete-pod,delete-node" from the environment; allowed: nothing, or any of delete-pod',
      'PORT: read "70000" from the environment; allowed: a port number from 0 to 65535',
      'LOG_LEVEL: read "loud" from the environment; allowed: one of trace, debug, info, warn, error, fatal, silent',
    ]);
  });

  it('says how many settings are wrong, one to a line', () => {
    expect(() => parse({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(
      /^2 settings are wrong:\n {2}PORT: .+\n {2}LOG_LEVEL: .+$/,
    );
    expect(() => parse({ PORT: 'x' })).toThrow(/^1 setting is wrong:\n {2}PORT: .+$/);
  });

  it('never shows a secret, nor credentials inside a URL', () => {
    const problems = problemsOf({
      CONTROL_TOKEN: 'canary one',
      BASELINE_API_KEY: 'canary two',
      PROMETHEUS_URL: 'https://user:canary@thanos.example/',
      HTTPS_PROXY: 'ftp://user:canary@proxy.example',
    });
    expect(problems).toHaveLength(4);
    expect(problems.join('\n')).not.toContain('canary');
    expect(problems).toContain(
      'CONTROL_TOKEN: read a value that is not shown from the environment; allowed: text without spaces',
    );
  });

  it('never shows a password, in whatever variable and form it was given', () => {
    const random = seededRandom(19);
    // Everything a password may hold; it must be recognisable in the message, so it has a mark of its own.
    const letters = [...'abzAZ09/:@?#%&=+.,;!$~^*()[]{}<>|\\"\'`_- '];
    const pick = (of: readonly string[]): string => of[pickIndex(random, of.length)] ?? '';
    const some = (): string => Array.from({ length: pickIndex(random, 9) }, () => pick(letters)).join('');
    const names = Object.keys(VARIABLES);
    for (let round = 0; round < 500; round += 1) {
      const password = `${some()}canary${some()}`;
      const form = pick([
        `user:${password}@proxy:3128`,
        `https://user:${password}@host.example/path`,
        `https://${password}@host.example`,
        `ftp://user:${password}@host.example`,
        `//user:${password}@host`,
      ]);
      const name = pick(names);
      expect([
        name,
        form,
        problemsOf({ [name]: form })
          .join('\n')
          .includes('canary'),
      ]).toEqual([name, form, false]);
    }
  });

  it('does not show a secret that was given in place of its file', () => {
    expect(problemsOf({ PROMETHEUS_TOKEN_FILE: 'sha256~canary', CONTROL_TOKEN_FILE: './none' })).toEqual([
      'PROMETHEUS_TOKEN_FILE: read a value that is not shown from the environment (no such file); allowed: the path of a readable file that holds the secret',
      'CONTROL_TOKEN_FILE: read "./none" from the environment (no such file); allowed: the path of a readable file that holds the secret',
    ]);
  });

  it('refuses a secret that is given twice', () => {
    expect(problemsOf({ CONTROL_TOKEN: 'a', CONTROL_TOKEN_FILE: '/t' }, { '/t': 'b' })).toEqual([
      'CONTROL_TOKEN: read together with CONTROL_TOKEN_FILE; allowed: one of the two',
    ]);
  });

  it('takes empty and blank variables as not set', () => {
    expect(parse({ PORT: '', GATEWAY: ' ', ALLOW_ACTIONS: '', PROMETHEUS_URL: '' })).toEqual(parse({}));
  });

  it('reads proxy settings in lower case too, the upper case first', () => {
    const environment = { https_proxy: 'http://low.example', no_proxy: 'low', NO_PROXY: 'high' };
    expect(parse(environment).proxy).toEqual({ httpsProxy: 'http://low.example', noProxy: 'high' });
  });
});

describe('the file named by DEMO_CONFIG', () => {
  const withFile = (content: string, environment: Record<string, string> = {}) =>
    [{ DEMO_CONFIG: '/demo.yaml', ...environment }, { '/demo.yaml': content }] as const;

  it('holds the same names, with numbers and lists as YAML writes them', () => {
    const config = parse(
      ...withFile('PORT: 8080\nALLOW_ACTIONS: [delete-pod]\nDEMO_NAMESPACE: ai\nLOG_LEVEL:\n'),
    );
    expect(config.server).toEqual({ port: 8080, hostname: '127.0.0.1', logLevel: 'info' });
    expect(config.rights.allowedActions).toEqual(['delete-pod']);
    expect(config.settings.namespace).toBe('ai');
  });

  it('yields to the environment', () => {
    expect(parse(...withFile('PORT: 8080', { PORT: '9090' })).server.port).toBe(9090);
  });

  it('refuses unknown names and structures, beside other problems', () => {
    expect(problemsOf(...withFile('PROT: 8080\nGATEWAY: { name: x }\nPORT: many'))).toEqual([
      'PROT: read from /demo.yaml; allowed: only the names of variables',
      'GATEWAY: read a structure from /demo.yaml; allowed: namespace/name, both Kubernetes names',
      'PORT: read "many" from /demo.yaml; allowed: a port number from 0 to 65535',
    ]);
  });

  it.each([
    ['is missing', {}, 'no such file'],
    ['is not YAML', { '/demo.yaml': 'CONTROL_TOKEN: "canary\nPORT: 1' }, 'not YAML: MISSING_CHAR at line 2'],
    ['is a list', { '/demo.yaml': '- PORT' }, 'not a mapping of names to values'],
  ])('stops the start when it %s', (_case, files, reason) => {
    expect(problemsOf({ DEMO_CONFIG: '/demo.yaml' }, files)).toEqual([
      `DEMO_CONFIG: read "/demo.yaml" (${reason}); allowed: the path of a YAML file of variables`,
    ]);
  });

  it('may be empty', () => {
    expect(parse(...withFile('# nothing yet\n'))).toEqual(parse({}));
  });
});

describe('isBoundToLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.0.1', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.5', false],
    ['localhost.example', false],
  ])('%s → %s', (hostname, expected) => {
    expect(isBoundToLoopback(hostname)).toBe(expected);
  });
});
