/**
 * `npm run smoke -- URL`: a read-only browser tour of a deployed dashboard.
 *   npm run smoke -- https://llm-d-live.apps.example.com [--ca router-ca.crt] [--token-file token] [--resolve HOST:PORT]
 * Opens the four screens in a real Chromium, sends nothing but GET, and fails on whatever does not answer.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { findChromium } from './find-chromium.ts';

const SCREENS = ['/checklist', '/placement', '/chat', '/compare'] as const;
const PROBES = ['/api/health', '/api/ready', '/api/status'] as const;
/** For one page to say something; a dashboard far away over TLS needs a few seconds. */
const PATIENCE_MS = 20_000;

export interface SmokeOptions {
  url: URL;
  /** PEM of the authority that signed the Route's certificate; `null` trusts what the system trusts. */
  ca: string | null;
  /** Sent as bearer token with every request. */
  token: string | null;
  /** Connect here instead of where DNS says, keeping the name; `null` for DNS. */
  connectTo: { host: string; port: number } | null;
}

export interface SmokeResult {
  path: string;
  problems: string[];
  /** What the page says in its heading, or the answer's status. */
  says: string;
}

/**
 * Verifies the server's certificate against the given authority, and names its key: Chromium is then told to accept
 * exactly this key and no other error.
 */
function verifiedKeyHash({ url, ca, connectTo }: SmokeOptions): Promise<string> {
  const host = connectTo?.host ?? url.hostname;
  const port = connectTo?.port ?? Number(url.port || 443);
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      { host, port, servername: url.hostname, ...(ca === null ? {} : { ca }) },
      () => {
        const { raw } = socket.getPeerCertificate();
        const key = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' });
        socket.end();
        resolve(createHash('sha256').update(key).digest('base64'));
      },
    );
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer to the TLS greeting')));
    socket.on('error', reject);
  });
}

async function launch(options: SmokeOptions): Promise<Browser> {
  const { url, ca, connectTo } = options;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
  if (url.protocol === 'https:' && ca !== null) {
    args.push(`--ignore-certificate-errors-spki-list=${await verifiedKeyHash(options)}`);
  }
  if (connectTo !== null) {
    args.push(`--host-resolver-rules=MAP ${url.hostname} ${connectTo.host}:${connectTo.port}`);
  }
  return chromium.launch({ executablePath: findChromium(), args });
}

/** Everything that went wrong on a page, and every request that would have changed something. */
function watchPage(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error in the page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  return problems;
}

/** Blocks whatever is not a read, so that the tour cannot change anything even by mistake. */
async function allowReadsOnly(context: BrowserContext): Promise<void> {
  await context.route('**/*', (route) =>
    route.request().method() === 'GET' ? route.continue() : route.abort('blockedbyclient'),
  );
}

async function visitScreen(context: BrowserContext, url: URL, path: string): Promise<SmokeResult> {
  const page = await context.newPage();
  const problems = watchPage(page);
  let says = '';
  try {
    const response = await page.goto(new URL(path, url).href, { timeout: PATIENCE_MS });
    if (response?.ok() !== true) throw new Error(`answered ${response?.status() ?? 'nothing'}`);
    await page.getByRole('main').waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('list', { name: 'Sources' }).getByRole('listitem').first().waitFor({
      timeout: PATIENCE_MS,
    });
    const heading = page.getByRole('heading', { level: 1 }).first();
    says = (await heading.textContent({ timeout: PATIENCE_MS }))?.trim() ?? '';
    if (says === '') problems.push('the heading is empty');
  } catch (error) {
    problems.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  await page.close();
  return { path, problems: [...new Set(problems)], says: says.replaceAll(/\s+/g, ' ') };
}

async function askProbe(context: BrowserContext, url: URL, path: string): Promise<SmokeResult> {
  const page = await context.newPage();
  try {
    const response = await page.goto(new URL(path, url).href, { timeout: PATIENCE_MS });
    const status = response?.status() ?? 0;
    const body = (await response?.text()) ?? '';
    const isJson = response?.headers()['content-type']?.startsWith('application/json') ?? false;
    const problems = [
      ...(status === 200 ? [] : [`answered ${status}`]),
      ...(isJson ? [] : ['answered something else than JSON']),
    ];
    return { path, problems, says: isJson ? body.slice(0, 60) : String(status) };
  } catch (error) {
    return {
      path,
      problems: [error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)],
      says: '',
    };
  } finally {
    await page.close();
  }
}

/** The tour: one result per screen and probe, in the order of the show. */
export async function smoke(options: SmokeOptions): Promise<SmokeResult[]> {
  const browser = await launch(options);
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      ...(options.token === null ? {} : { extraHTTPHeaders: { Authorization: `Bearer ${options.token}` } }),
    });
    await allowReadsOnly(context);
    const results: SmokeResult[] = [];
    for (const path of PROBES) results.push(await askProbe(context, options.url, path));
    for (const path of SCREENS) results.push(await visitScreen(context, options.url, path));
    return results;
  } finally {
    await browser.close();
  }
}

function parseConnectTo(text: string | undefined): SmokeOptions['connectTo'] {
  if (text === undefined) return null;
  const match = /^([^:]+):(\d{1,5})$/.exec(text);
  if (match?.[1] === undefined) throw new Error(`--resolve ${text}: expected HOST:PORT`);
  return { host: match[1], port: Number(match[2]) };
}

/** Reads the command line; throws with words where it is wrong. */
export function parseSmokeArguments(args: readonly string[]): SmokeOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ca: { type: 'string' }, 'token-file': { type: 'string' }, resolve: { type: 'string' } },
  });
  const [address] = positionals;
  if (address === undefined || positionals.length > 1 || !URL.canParse(address)) {
    throw new Error('usage: npm run smoke -- URL [--ca FILE] [--token-file FILE] [--resolve HOST:PORT]');
  }
  const tokenFile = values['token-file'];
  return {
    url: new URL(address),
    ca: values.ca === undefined ? null : readFileSync(values.ca, 'utf8'),
    token: tokenFile === undefined ? null : readFileSync(tokenFile, 'utf8').trim(),
    connectTo: parseConnectTo(values.resolve),
  };
}

async function main(): Promise<number> {
  const results = await smoke(parseSmokeArguments(process.argv.slice(2)));
  for (const { path, problems, says } of results) {
    console.log(`${problems.length === 0 ? 'pass' : 'FAIL'}  ${path.padEnd(12)}  ${says}`);
    for (const problem of problems) console.log(`      ${problem}`);
  }
  return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

if (import.meta.main) {
  process.exit(
    await main().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      return 2;
    }),
  );
}
