import 'server-only';
import { delimiter } from 'node:path';
import { z } from 'zod';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import type { ConnectTo } from '../http/dispatcher';

/** Actions that `ALLOW_ACTIONS` may name. */
export const ACTION_NAMES = ['delete-pod'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How one variable is read. The schema gets the trimmed text, or `undefined` where it is unset or empty. */
interface Variable<Output> {
  schema: z.ZodType<Output, string | undefined>;
  /** What is allowed, as the error message says it. */
  allowed: string;
  /** The value is, or may hold, a credential: never shown, least of all when it is wrong. */
  isSecret?: true;
  /** Names a file that must be readable at the start. */
  isFile?: true;
}

function variable<Output>(
  schema: z.ZodType<Output, string | undefined>,
  allowed: string,
  marks: Pick<Variable<Output>, 'isSecret' | 'isFile'> = {},
): Variable<Output> {
  return { schema, allowed, ...marks };
}

// A DNS-1123 subdomain: what Kubernetes takes as an object's name.
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const NAME_ALLOWED = 'a Kubernetes name (lower-case letters, digits, "-" and ".")';

function name(fallback: string): Variable<string> {
  return variable(z.string().regex(NAME).max(253).default(fallback), NAME_ALLOWED);
}

interface NamespacedName {
  namespace: string;
  name: string;
}

function namespacedName(fallback: NamespacedName): Variable<NamespacedName> {
  const schema = z
    .string()
    .transform((text, context): NamespacedName => {
      const [namespace = '', objectName = '', ...rest] = text.split('/');
      if (rest.length > 0 || !NAME.test(namespace) || !NAME.test(objectName)) {
        context.addIssue({ code: 'custom' });
      }
      return { namespace, name: objectName };
    })
    .default(fallback);
  return variable(schema, 'namespace/name, both Kubernetes names');
}

function wholeNumber(minimum: number, maximum: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}

/** Credentials do not belong into a URL that is shown as the source of a number. */
function url(): Variable<URL | null> {
  const schema = z.string().transform((text, context): URL => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    if (
      parsed === null ||
      !/^https?:$/.test(parsed.protocol) ||
      parsed.username !== '' ||
      parsed.password !== ''
    ) {
      context.addIssue({ code: 'custom' });
      return z.NEVER;
    }
    return parsed;
  });
  return variable(optional(schema), 'an http or https URL without user name and password', {
    isSecret: true,
  });
}

function optional<Output>(schema: z.ZodType<Output, string>): z.ZodType<Output | null, string | undefined> {
  return schema.optional().transform((value) => value ?? null);
}

function text(allowed: string): Variable<string | null> {
  return variable(optional(z.string()), allowed);
}

function file(): Variable<string | null> {
  return variable(optional(z.string()), 'the path of a readable file', { isFile: true });
}

function secret(): Variable<string | null> {
  return variable(optional(z.string().regex(/^\S+$/)), 'text without spaces', { isSecret: true });
}

function secretFile(): Variable<string | null> {
  return variable(optional(z.string()), 'the path of a readable file that holds the secret', {
    isFile: true,
  });
}

/** Comma-separated entries, each of which must fit. */
function list<Entry extends string>(entry: z.ZodType<Entry, string>): z.ZodType<Entry[], string | undefined> {
  return z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(entry));
}

// `443=127.0.0.1:8443`, the host possibly an IPv6 address in brackets.
const CONNECT_ENTRY = /^(\d{1,5})=(?:\[([0-9a-f:]+)\]|([^\s:[\]]+)):(\d{1,5})$/i;

const ingressConnectTo = z
  .string()
  .default('')
  .transform((value, context): Map<number, ConnectTo> => {
    const addresses = new Map<number, ConnectTo>();
    for (const entry of value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')) {
      const [, from, ipv6, host = ipv6, to] = CONNECT_ENTRY.exec(entry) ?? [];
      const ports = [Number(from), Number(to)];
      if (host === undefined || ports.some((port) => !(port >= 1 && port <= 65_535))) {
        context.addIssue({ code: 'custom' });
        return z.NEVER;
      }
      addresses.set(Number(from), { host, port: Number(to) });
    }
    return addresses;
  });

/** Every variable of the contract, in its order. One row is all there is to adding a variable. */
export const VARIABLES = {
  KUBECONFIG: variable(
    z
      .string()
      .default('')
      .transform((value) => value.split(delimiter).filter((path) => path !== '')),
    `paths of kubeconfig files, separated by "${delimiter}"`,
  ),
  KUBE_CONTEXT: text('the name of a context in the kubeconfig'),
  DEMO_NAMESPACE: name(DEFAULT_SETTINGS.namespace),
  BASELINE_NAME: name(DEFAULT_SETTINGS.baselineName),
  DISTRIBUTED_NAME: name(DEFAULT_SETTINGS.distributedName),
  GATEWAY: namespacedName(DEFAULT_SETTINGS.gateway),
  INSTANCE_TYPE: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/)
      .max(63)
      .default(DEFAULT_SETTINGS.instanceType),
    'an instance type such as g6.4xlarge',
  ),
  EXPECTED_REPLICAS: variable(
    wholeNumber(1, 1000).default(DEFAULT_SETTINGS.expectedReplicas),
    'a whole number from 1 to 1000',
  ),
  KUEUE_LOCAL_QUEUE: name(DEFAULT_SETTINGS.kueueLocalQueue),
  BENCHMARK_CRONJOB: name(DEFAULT_SETTINGS.benchmarkCronJob),
  ARGOCD_APPLICATION: namespacedName(DEFAULT_SETTINGS.argocdApplication),

  BASELINE_URL: url(),
  DISTRIBUTED_URL: url(),
  BASELINE_API_KEY: secret(),
  BASELINE_API_KEY_FILE: secretFile(),
  DISTRIBUTED_API_KEY: secret(),
  DISTRIBUTED_API_KEY_FILE: secretFile(),
  MODEL_CA_FILE: file(),
  INGRESS_CONNECT_TO: variable(ingressConnectTo, 'port=host:port, several separated by ","'),

  PROMETHEUS_URL: url(),
  PROMETHEUS_TOKEN_FILE: secretFile(),
  PROMETHEUS_CA_FILE: file(),
  PROMETHEUS_NAMESPACE: variable(optional(z.string().regex(NAME).max(63)), NAME_ALLOWED),

  PROMPTS_FILE: file(),
  PRICES_FILE: file(),
  TARGETS_FILE: file(),
  GUIDELLM_PATH: text('the path of a GuideLLM result file, or of a folder of them'),
  CHAT_MAX_CONCURRENT: variable(wholeNumber(1, 1000).default(32), 'a whole number from 1 to 1000'),
  CHAT_READER_SILENT_SECONDS: variable(
    wholeNumber(0, 60).default(1),
    'a whole number of seconds from 0 (never) to 60',
  ),
  LOAD_MAX_USERS: variable(optional(wholeNumber(1, 10_000)), 'a whole number from 1 to 10000'),

  ALLOW_ACTIONS: variable(list(z.enum(ACTION_NAMES)), `nothing, or any of ${ACTION_NAMES.join(', ')}`),
  CONTROL_TOKEN: secret(),
  CONTROL_TOKEN_FILE: secretFile(),
  PUBLIC_HOSTS: variable(
    list(
      z
        .string()
        .toLowerCase()
        .regex(/^(\[[0-9a-f:]+\]|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)(:\d{1,5})?$/),
    ),
    'host names, with a port where it is not the usual one, separated by ","',
  ),

  PORT: variable(wholeNumber(0, 65_535).default(3000), 'a port number from 0 to 65535'),
  HOSTNAME: variable(z.string().regex(/^\S+$/).default('127.0.0.1'), 'an address or host name to listen on'),
  LOG_LEVEL: variable(z.enum(LOG_LEVELS).default('info'), `one of ${LOG_LEVELS.join(', ')}`),
  HTTPS_PROXY: variable(
    optional(z.url({ protocol: /^(https?|socks5?)$/ })),
    'the http, https or socks5 URL of a proxy',
    { isSecret: true },
  ),
  NO_PROXY: variable(z.string().default(''), 'host names, domains or IPv4 ranges, separated by ","'),
} satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof VARIABLES;

/** The parsed value of each variable. */
export type Values = { [Name in VariableName]: z.output<(typeof VARIABLES)[Name]['schema']> };
