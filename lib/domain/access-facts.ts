import type { Arm, SourceId, UnixMs } from './vocabulary';

/** One credential this dashboard uses, without the credential. */
export interface CredentialFact {
  source: SourceId;
  /** In words, e.g. `token of the kubeconfig`. */
  name: string;
  /** `null` where it does not tell when it ends: an opaque token, as `oc login` gives. */
  expiresAt: UnixMs | null;
  /** Whoever issued it replaces it before it ends (a ServiceAccount token in a pod). */
  renewsItself: boolean;
}

/** How this dashboard gets at its sources; input of the gates about authentication and credentials. */
export interface AccessFacts {
  /** Whether requests to an arm's endpoint carry a token. */
  sendsToken: Readonly<Record<Arm, boolean>>;
  credentials: readonly CredentialFact[];
  /** When the credentials were last read. */
  observedAt: UnixMs | null;
}
