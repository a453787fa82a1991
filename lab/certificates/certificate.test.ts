import { X509Certificate } from 'node:crypto';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createCertificateAuthority, createNamelessCertificate } from './certificate.ts';

test('an issued certificate is trusted by a client that trusts the authority, for its names only', async () => {
  const authority = createCertificateAuthority('lab test');
  const issued = authority.issue(['api.lab.example', '127.0.0.1', '*.apps.lab.example']);
  const server = createServer({ key: issued.keyPem, cert: issued.certificatePem }, (_request, response) =>
    response.end('hello'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (servername: string): Promise<string> =>
    new Promise((resolve) => {
      get(
        { host: '127.0.0.1', port, ca: authority.certificatePem, servername, headers: { host: servername } },
        (response) => {
          response.resume();
          resolve(`status ${response.statusCode}`);
        },
      ).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  expect(await ask('api.lab.example')).toBe('status 200');
  expect(await ask('chat.apps.lab.example')).toBe('status 200');
  expect(await ask('elsewhere.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  server.closeAllConnections();
  server.close();
});

test('the engine certificate names an organisation and no host', () => {
  const certificate = new X509Certificate(createNamelessCertificate().certificatePem);
  expect({
    subject: certificate.subject,
    issuer: certificate.issuer,
    names: certificate.subjectAltName,
    isAuthority: certificate.ca,
    selfSigned: certificate.verify(certificate.publicKey),
    years: Math.round(
      (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000 / 365,
    ),
  }).toEqual({
    subject: 'O=Kserve Self Signed',
    issuer: 'O=Kserve Self Signed',
    names: undefined,
    isAuthority: false,
    selfSigned: true,
    years: 10,
  });
});
