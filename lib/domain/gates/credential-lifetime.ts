import type { CredentialFact } from '../access-facts';
import type { UnixMs } from '../vocabulary';
import { isoTime } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { listText, sentence } from './wording';

/** A talk with its preparation and its questions. */
const SHOW_MS = 2 * 60 * 60_000;

export const CREDENTIAL_GATES: readonly GateRow[] = [
  {
    id: 'credential-lifetime',
    layer: 'infrastructure',
    title: 'Credentials outlast the show',
    required: false,
    dependsOn: [],
    why: 'A token that ends during the talk turns every light off at once. Tokens of oc login last 24 hours by default and do not say when they end.',
    remedy:
      'Log in again (oc login) before the show, or use a ServiceAccount token made with oc create token --duration.',
    owner: 'user',
    document: null,
    command: () => 'oc whoami; oc config view --minify --raw=false',
    evaluate: evaluateCredentials,
  },
];

function evaluateCredentials(input: ChecklistInput): GateOutcome {
  const { credentials, observedAt } = input.access;
  if (observedAt === null) {
    return {
      status: 'unknown',
      reason: 'syncing',
      finding: 'The credentials have not been looked at yet.',
      evidence: [],
    };
  }
  const evidence = [
    {
      source: 'probe' as const,
      request: 'read the configured credentials',
      observedAt: isoTime(observedAt),
      httpStatus: null,
      excerpt: credentials.map(({ source, name, expiresAt, renewsItself }) => ({
        source,
        name,
        expiresAt: expiresAt === null ? null : isoTime(expiresAt),
        renewsItself,
      })),
    },
  ];
  if (credentials.length === 0) {
    return { status: 'not-applicable', finding: 'This dashboard uses no credential.', evidence };
  }
  const lasting = credentials.filter(({ renewsItself }) => !renewsItself);
  const over = lasting.filter((credential) => endsBefore(credential, input.now));
  if (over.length > 0) {
    return { status: 'fail', finding: sentence(`${namesOf(over)} has ended`), evidence };
  }
  const short = lasting.filter((credential) => endsBefore(credential, input.now + SHOW_MS));
  if (short.length > 0) {
    return { status: 'warn', finding: sentence(`${namesOf(short)} ends within two hours`), evidence };
  }
  const silent = lasting.filter(({ expiresAt }) => expiresAt === null);
  if (silent.length > 0) {
    return {
      status: 'warn',
      finding: sentence(
        `${listText(silent.map(({ name }) => `the ${name}`))} does not tell when it ends (a login lasts 24 hours by default)`,
      ),
      evidence,
    };
  }
  return {
    status: 'pass',
    finding:
      lasting.length === 0
        ? 'Every credential in use renews itself.'
        : 'Every credential in use lasts longer than two hours.',
    evidence,
  };
}

function endsBefore({ expiresAt }: CredentialFact, at: UnixMs): boolean {
  return expiresAt !== null && expiresAt <= at;
}

function namesOf(credentials: readonly CredentialFact[]): string {
  return listText(
    credentials.map(
      ({ name, expiresAt }) => `the ${name} (${expiresAt === null ? 'no end told' : isoTime(expiresAt)})`,
    ),
  );
}
