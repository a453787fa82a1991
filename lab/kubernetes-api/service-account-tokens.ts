/** Tokens of service accounts: signed, bound to the account's uid, good until they expire. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { serviceAccountUser, type User } from './access.ts';
import { isRecord, valueAt } from './object.ts';
import type { ObjectStore } from './store.ts';

const ISSUER = 'https://kubernetes.default.svc';
const HEADER = { alg: 'ES256', kid: 'lab' };

export interface TokenGrant {
  namespace: string;
  name: string;
  uid: string;
  expirationSeconds: number;
  audiences: string[];
}

export interface IssuedToken {
  token: string;
  expiresAtMs: number;
}

export interface ServiceAccountTokens {
  issue(grant: TokenGrant): IssuedToken;
  /** The account that a token stands for; undefined for one that is not ours, is over, or whose account is gone. */
  userOf(token: string): User | undefined;
  /** Makes every token that is out worthless. */
  revokeAll(): void;
}

/** The audience for which a token is meant when nobody names another. */
export const DEFAULT_AUDIENCE = ISSUER;

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

const newKeys = (): { privateKey: KeyObject; publicKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

export function createServiceAccountTokens(store: ObjectStore, clock: Clock): ServiceAccountTokens {
  let keys = newKeys();
  return {
    issue: ({ namespace, name, uid, expirationSeconds, audiences }) => {
      const issuedAt = Math.floor(clock.nowMs() / 1000);
      const expiresAt = issuedAt + expirationSeconds;
      const claims = {
        aud: audiences,
        exp: expiresAt,
        iat: issuedAt,
        iss: ISSUER,
        jti: randomUUID(),
        'kubernetes.io': { namespace, serviceaccount: { name, uid } },
        nbf: issuedAt,
        sub: `system:serviceaccount:${namespace}:${name}`,
      };
      const content = `${encoded(HEADER)}.${encoded(claims)}`;
      const signature = sign('sha256', Buffer.from(content), {
        key: keys.privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      return { token: `${content}.${signature.toString('base64url')}`, expiresAtMs: expiresAt * 1000 };
    },
    userOf: (token) => {
      const [header = '', body = '', signature = '', ...beyond] = token.split('.');
      if (signature === '' || beyond.length > 0) return undefined;
      const key = { key: keys.publicKey, dsaEncoding: 'ieee-p1363' } as const;
      const content = Buffer.from(`${header}.${body}`);
      if (!verify('sha256', content, key, Buffer.from(signature, 'base64url'))) return undefined;
      const claims = decoded(body);
      if (!isRecord(claims) || Number(claims.exp) * 1000 <= clock.nowMs()) return undefined;
      if (!Array.isArray(claims.aud) || !claims.aud.includes(DEFAULT_AUDIENCE)) return undefined;
      const namespace = String(valueAt(claims, 'kubernetes.io', 'namespace'));
      const name = String(valueAt(claims, 'kubernetes.io', 'serviceaccount', 'name'));
      const uid = String(valueAt(claims, 'kubernetes.io', 'serviceaccount', 'uid'));
      const account = store.get('serviceaccounts', namespace, name);
      return account?.metadata.uid === uid ? serviceAccountUser(namespace, name, uid) : undefined;
    },
    revokeAll: () => {
      keys = newKeys();
    },
  };
}
