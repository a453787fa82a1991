import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { request } from 'undici';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createTestAuthority,
  type KeyPair,
  type TestAuthority,
} from '../kubernetes/testing/test-certificates';
import { createOutbound, type Outbound, type OutboundOptions, type OutboundTarget } from './outbound';

const DIRECT: OutboundOptions = { ingressConnectTo: new Map(), httpsProxy: null, noProxy: '' };

let authority: TestAuthority;
let pair: KeyPair;
const endings: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  authority = await createTestAuthority('Router CA');
  pair = await authority.issue('model.apps.example', 'localhost', '127.0.0.1');
});

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Starts a server on a free loopback port and ends it after the test. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A TLS server that answers with the Host and server name it was asked for. */
function mirror(keys: KeyPair = pair): Promise<number> {
  const answer = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { servername } = incoming.socket as TLSSocket;
    response.end(JSON.stringify({ host: incoming.headers.host, sni: servername }));
  };
  return listen(createHttpsServer({ cert: keys.certificatePem, key: keys.keyPem }, answer));
}

function outboundWith(options: Partial<OutboundOptions>): Outbound {
  const outbound = createOutbound({ ...DIRECT, ...options });
  endings.push(() => outbound.close());
  return outbound;
}

function temporaryFile(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'outbound-'));
  endings.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function target(url: string, options: Partial<OutboundTarget> = {}): OutboundTarget {
  return {
    url: new URL(url),
    verifyTls: true,
    caFile: null,
    viaIngress: false,
    isDiscovered: false,
    ...options,
  };
}

async function get(outbound: Outbound, to: OutboundTarget): Promise<unknown> {
  const { body } = await request(to.url, { dispatcher: outbound.dispatcherFor(to) });
  return body.json();
}

describe('a host that an object of the cluster named', () => {
  /** A server on loopback, and what arrives there. */
  async function innermost(): Promise<{ port: number; arrived: string[] }> {
    const arrived: string[] = [];
    const port = await listen(
      createHttpServer((incoming, response) => {
        arrived.push(incoming.headers.authorization ?? 'no key');
        response.end('{}');
      }),
    );
    return { port, arrived };
  }

  it('gets no byte when it stands for an address of this machine, whatever its name', async () => {
    const { port, arrived } = await innermost();
    const outbound = outboundWith({
      lookup: (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    for (const host of ['x.127.0.0.1.nip.io', 'rebound.example', '127.0.0.1']) {
      const to = target(`http://${host}:${port}/v1/models`, { isDiscovered: true });
      const headers = { authorization: 'Bearer canary' };
      await expect(
        request(to.url, { dispatcher: outbound.dispatcherFor(to), headers }),
      ).rejects.toMatchObject({
        code: 'ERR_ADDRESS_REFUSED',
      });
    }
    expect(arrived).toEqual([]);
  });

  it('is resolved by the system, and refused, when nobody hands a resolver in', async () => {
    const { port, arrived } = await innermost();
    const to = target(`http://localhost:${port}/`, { isDiscovered: true });
    await expect(get(outboundWith({}), to)).rejects.toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
    expect(arrived).toEqual([]);
  });

  it('may be anywhere when the operator says where: by a URL, or by the ingress address', async () => {
    const { port, arrived } = await innermost();
    const outbound = outboundWith({ ingressConnectTo: new Map([[80, { host: '127.0.0.1', port }]]) });
    await get(outbound, target(`http://localhost:${port}/`));
    await get(outbound, target('http://model.apps.example/', { viaIngress: true, isDiscovered: true }));
    expect(arrived).toEqual(['no key', 'no key']);
  });
});

describe('the ingress address', () => {
  it('takes the connection while Host and server name stay those of the URL', async () => {
    const port = await mirror();
    const addresses: string[] = [];
    const outbound = outboundWith({
      ingressConnectTo: new Map([[443, { host: '127.0.0.1', port }]]),
      onConnect: (address) => addresses.push(address),
    });
    const caFile = temporaryFile('ca.pem', authority.certificatePem);
    const answer = await get(outbound, target('https://model.apps.example/v1', { caFile, viaIngress: true }));
    expect(answer).toEqual({ host: 'model.apps.example', sni: 'model.apps.example' });
    expect(addresses).toEqual([`127.0.0.1:${port}`]);
  });

  it('still checks the certificate against the name in the URL', async () => {
    const port = await mirror();
    const outbound = outboundWith({ ingressConnectTo: new Map([[443, { host: '127.0.0.1', port }]]) });
    const caFile = temporaryFile('ca.pem', authority.certificatePem);
    const other = target('https://other.apps.example/', { caFile, viaIngress: true });
    await expect(get(outbound, other)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('maps plain HTTP by its own port and leaves other ports alone', async () => {
    const port = await listen(
      createHttpServer((incoming, response) => response.end(JSON.stringify(incoming.headers.host))),
    );
    const addresses: string[] = [];
    const outbound = outboundWith({
      ingressConnectTo: new Map([[80, { host: '127.0.0.1', port }]]),
      onConnect: (address) => addresses.push(address),
    });
    expect(await get(outbound, target('http://model.apps.example/', { viaIngress: true }))).toBe(
      'model.apps.example',
    );
    expect(await get(outbound, target(`http://127.0.0.1:${port}/`, { viaIngress: true }))).toBe(
      `127.0.0.1:${port}`,
    );
    expect(addresses).toEqual([`127.0.0.1:${port}`, `127.0.0.1:${port}`]);
  });

  it('is not used for targets that are not behind the ingress', async () => {
    const port = await mirror();
    const addresses: string[] = [];
    const outbound = outboundWith({
      ingressConnectTo: new Map([[port, { host: '127.0.0.1', port: 1 }]]),
      onConnect: (address) => addresses.push(address),
    });
    const caFile = temporaryFile('ca.pem', authority.certificatePem);
    await get(outbound, target(`https://localhost:${port}/`, { caFile }));
    expect(addresses).toEqual([`localhost:${port}`]);
  });
});

describe('certificate checks', () => {
  it('are relaxed for the one target that asks for it, even on the same host', async () => {
    const port = await mirror();
    const outbound = outboundWith({});
    const url = `https://127.0.0.1:${port}/`;
    expect(await get(outbound, target(url, { verifyTls: false }))).toMatchObject({
      host: `127.0.0.1:${port}`,
    });
    await expect(get(outbound, target(url))).rejects.toThrow(/certificate/i);
  });

  it('trust a CA file in addition to the default roots', async () => {
    const extra = await createTestAuthority('Service CA');
    const servicePort = await mirror(await extra.issue('localhost'));
    const rootPort = await mirror();
    const outbound = outboundWith({ defaultRoots: [authority.certificatePem] });
    const caFile = temporaryFile('ca.pem', extra.certificatePem);
    await expect(
      get(outbound, target(`https://localhost:${servicePort}/`, { caFile })),
    ).resolves.toBeDefined();
    await expect(get(outbound, target(`https://localhost:${rootPort}/`, { caFile }))).resolves.toBeDefined();
  });

  it('follow the CA file when it changes', async () => {
    const port = await mirror();
    const outbound = outboundWith({ defaultRoots: [] });
    const stranger = await createTestAuthority('Stranger with a longer name');
    const caFile = temporaryFile('ca.pem', stranger.certificatePem);
    const to = target(`https://localhost:${port}/`, { caFile });
    await expect(get(outbound, to)).rejects.toThrow();
    writeFileSync(caFile, authority.certificatePem);
    await expect(get(outbound, to)).resolves.toBeDefined();
  });

  it('keep the last CA while the file is being replaced', async () => {
    const outbound = outboundWith({});
    const caFile = temporaryFile('ca.pem', authority.certificatePem);
    const to = target('https://localhost/', { caFile });
    const before = outbound.dispatcherFor(to);
    rmSync(caFile);
    expect(outbound.dispatcherFor(to)).toBe(before);
  });
});

describe('pools', () => {
  it('reuse one connection for one target and its options', async () => {
    const port = await mirror();
    const addresses: string[] = [];
    const outbound = outboundWith({ onConnect: (address) => addresses.push(address) });
    const caFile = temporaryFile('ca.pem', authority.certificatePem);
    const to = target(`https://localhost:${port}/first`, { caFile });
    await get(outbound, to);
    await setImmediate(); // the connection is free once the turn that read the body is over
    await get(outbound, { ...to, url: new URL('/second', to.url) });
    expect(addresses).toEqual([`localhost:${port}`]);
  });
});

describe('the proxy', () => {
  /** A CONNECT proxy that sends every tunnel to one port and notes what was asked for. */
  async function tunnelTo(port: number): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const proxy = createHttpServer();
    proxy.on('connect', (incoming, client, head) => {
      asked.push(incoming.url ?? '');
      const upstream = connectTcp(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
      endings.push(() => client.destroy());
    });
    return { url: `http://127.0.0.1:${await listen(proxy)}`, asked };
  }

  it('carries https targets through a tunnel, end-to-end encrypted', async () => {
    const proxy = await tunnelTo(await mirror());
    const addresses: string[] = [];
    const outbound = outboundWith({ httpsProxy: proxy.url, onConnect: (address) => addresses.push(address) });
    const caFile = temporaryFile('ca.pem', authority.certificatePem);
    const answer = await get(outbound, target('https://model.apps.example/', { caFile }));
    expect(answer).toEqual({ host: 'model.apps.example', sni: 'model.apps.example' });
    expect(proxy.asked).toEqual(['model.apps.example:443']);
    expect(addresses).toEqual([new URL(proxy.url).host]);
  });

  it('is left out for hosts in NO_PROXY and for the ingress address', async () => {
    const port = await mirror();
    const proxy = await tunnelTo(port);
    const outbound = outboundWith({
      httpsProxy: proxy.url,
      noProxy: '.svc,127.0.0.0/8',
      ingressConnectTo: new Map([[443, { host: '127.0.0.1', port }]]),
    });
    const caFile = temporaryFile('ca.pem', authority.certificatePem);
    await get(outbound, target(`https://127.0.0.1:${port}/`, { caFile }));
    await get(outbound, target('https://model.apps.example/', { caFile, viaIngress: true }));
    expect(proxy.asked).toEqual([]);
  });
});
