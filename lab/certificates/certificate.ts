import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIP } from 'node:net';
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octets,
  sequence,
  set,
  time,
  utf8,
} from './der.ts';

/** PEM texts, as servers take them. */
export interface KeyAndCertificate {
  keyPem: string;
  certificatePem: string;
}

/** A certificate authority made for one run of the lab. */
export interface CertificateAuthority extends KeyAndCertificate {
  /** A server certificate for DNS names (wildcards allowed) and IP addresses. */
  issue(names: string[]): KeyAndCertificate;
}

const DAY_MS = 86_400_000;
const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

interface Subject {
  organization?: string;
  commonName?: string;
}

function distinguishedName({ organization, commonName }: Subject): Buffer {
  const part = (type: string, value: string): Buffer => set(sequence(objectIdentifier(type), utf8(value)));
  return sequence(
    ...(organization === undefined ? [] : [part('2.5.4.10', organization)]),
    ...(commonName === undefined ? [] : [part('2.5.4.3', commonName)]),
  );
}

function extension(type: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(objectIdentifier(type), ...(critical ? [boolean(true)] : []), octets(value));
}

function subjectAlternativeName(names: string[]): Buffer {
  const entries = names.map((name) =>
    isIP(name) === 4
      ? implicit(7, Buffer.from(name.split('.').map(Number)))
      : implicit(2, Buffer.from(name, 'latin1')),
  );
  return extension(EXTENSION.subjectAlternativeName, false, sequence(...entries));
}

function keyIdentifier(subjectPublicKeyInfo: Uint8Array): Buffer {
  return createHash('sha1').update(subjectPublicKeyInfo).digest();
}

interface CertificateRequest {
  subject: Subject;
  issuer: Subject;
  publicKey: KeyObject;
  issuerKey: KeyObject;
  issuerPublicKeyInfo: Uint8Array;
  isAuthority: boolean;
  names: string[];
  notBeforeMs: number;
  notAfterMs: number;
}

/** ecdsa-with-SHA256 over P-256. */
const SIGNATURE_ALGORITHM = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

function signCertificate(request: CertificateRequest): string {
  const publicKeyInfo = request.publicKey.export({ type: 'spki', format: 'der' });
  const serialNumber = randomBytes(16);
  serialNumber[0] = (serialNumber[0] ?? 0) & 0x7f;
  const digitalSignature = Buffer.from([0x80]);
  const signCertificatesAndLists = Buffer.from([0x06]);
  const extensions = [
    extension(EXTENSION.basicConstraints, true, sequence(...(request.isAuthority ? [boolean(true)] : []))),
    extension(
      EXTENSION.keyUsage,
      true,
      request.isAuthority ? bits(signCertificatesAndLists, 1) : bits(digitalSignature, 7),
    ),
    ...(request.isAuthority
      ? []
      : [extension(EXTENSION.extendedKeyUsage, false, sequence(objectIdentifier('1.3.6.1.5.5.7.3.1')))]),
    ...(request.names.length === 0 ? [] : [subjectAlternativeName(request.names)]),
    extension(EXTENSION.subjectKeyIdentifier, false, octets(keyIdentifier(publicKeyInfo))),
    extension(
      EXTENSION.authorityKeyIdentifier,
      false,
      sequence(implicit(0, keyIdentifier(request.issuerPublicKeyInfo))),
    ),
  ];
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber),
    SIGNATURE_ALGORITHM,
    distinguishedName(request.issuer),
    sequence(time(request.notBeforeMs), time(request.notAfterMs)),
    distinguishedName(request.subject),
    publicKeyInfo,
    explicit(3, sequence(...extensions)),
  );
  const certificate = sequence(
    toBeSigned,
    SIGNATURE_ALGORITHM,
    bits(sign('sha256', toBeSigned, request.issuerKey)),
  );
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function newKeyPair(): { publicKey: KeyObject; privateKey: KeyObject; keyPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { publicKey, privateKey, keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Valid from the day before (clocks differ) for the given days. */
function validity(days: number): { notBeforeMs: number; notAfterMs: number } {
  const nowMs = Date.now();
  return { notBeforeMs: nowMs - DAY_MS, notAfterMs: nowMs + days * DAY_MS };
}

export function createCertificateAuthority(commonName: string): CertificateAuthority {
  const { publicKey, privateKey, keyPem } = newKeyPair();
  const authority: Subject = { organization: 'llm-d live lab', commonName };
  const issuerPublicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const certificatePem = signCertificate({
    subject: authority,
    issuer: authority,
    publicKey,
    issuerKey: privateKey,
    issuerPublicKeyInfo,
    isAuthority: true,
    names: [],
    ...validity(365),
  });
  return {
    keyPem,
    certificatePem,
    issue: (names) => {
      const server = newKeyPair();
      return {
        keyPem: server.keyPem,
        certificatePem: signCertificate({
          subject: { commonName: names[0] ?? 'lab' },
          issuer: authority,
          publicKey: server.publicKey,
          issuerKey: createPrivateKey(keyPem),
          issuerPublicKeyInfo,
          isAuthority: false,
          names,
          ...validity(365),
        }),
      };
    },
  };
}

/**
 * What KServe 3.0 makes for every LLMInferenceService: self-signed, an organisation and nothing else (no common name,
 * no alternative names), about ten years. Host name verification can never pass (facts: kubernetes-objects §3.6).
 */
export function createNamelessCertificate(): KeyAndCertificate {
  const { publicKey, privateKey, keyPem } = newKeyPair();
  const subject: Subject = { organization: 'Kserve Self Signed' };
  const certificatePem = signCertificate({
    subject,
    issuer: subject,
    publicKey,
    issuerKey: privateKey,
    issuerPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    isAuthority: false,
    names: [],
    ...validity(3650),
  });
  return { keyPem, certificatePem };
}
