/**
 * Builds the dashboard into `.next/standalone`, a folder that starts alone: `node server.js`.
 * Does nothing when the sources have not changed since the last build.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVisibly } from './child.ts';
import { BINARIES, ROOT, STANDALONE } from './paths.ts';
import { runningDashboards } from './running-dashboards.ts';
import { hashSources } from './source-hash.ts';

const STAMP = join(STANDALONE, '.source-hash');

function isFresh(sourceHash: string): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourceHash;
}

/**
 * Next's own server.js starts Next without our front door (hosts, limits, headers). Ours keeps its
 * configuration and starts `server/main.ts` instead.
 */
function replaceServerEntry(): void {
  const generated = readFileSync(join(STANDALONE, 'server.js'), 'utf8');
  const config = /^const nextConfig = (\{.*\})$/m.exec(generated)?.[1];
  if (config === undefined) throw new Error('next build wrote a server.js of an unknown form');
  const { basePath } = JSON.parse(config) as { basePath: string };
  writeFileSync(
    join(STANDALONE, 'server.js'),
    [
      '// Written by scripts/build.ts. Next.js reads its configuration from this variable.',
      "process.env.NODE_ENV = 'production';",
      "process.env.NEXT_MANUAL_SIG_HANDLE = 'true';",
      '// Pages and scripts carry it already: what the environment says comes too late.',
      `process.env.BASE_PATH = ${JSON.stringify(basePath)};`,
      'process.chdir(import.meta.dirname);',
      `process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(${config});`,
      "await import('./server/main.ts');",
      '',
    ].join('\n'),
  );
}

/** What Next.js writes into the folder. Its tracing also takes along whatever a path computed at run time might mean. */
const WRITTEN_BY_NEXT = ['.next', 'node_modules', 'package.json', 'server.js'];

function assemble(sourceHash: string): void {
  for (const name of readdirSync(STANDALONE)) {
    if (!WRITTEN_BY_NEXT.includes(name)) rmSync(join(STANDALONE, name), { recursive: true });
  }
  for (const [from, to] of [
    [join(ROOT, '.next', 'static'), join(STANDALONE, '.next', 'static')],
    [join(ROOT, 'public'), join(STANDALONE, 'public')],
    [join(ROOT, 'server'), join(STANDALONE, 'server')],
  ] as const) {
    if (existsSync(from)) cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  }
  replaceServerEntry();
  writeFileSync(STAMP, sourceHash);
}

/**
 * Resolves with the exit code of `next build`, 0 when there was nothing to do. `signal` ends it. A dashboard that runs from
 * the last build keeps its files: it is named, and nothing is built.
 */
export async function build(signal?: AbortSignal): Promise<number> {
  const sourceHash = hashSources();
  if (isFresh(sourceHash)) return 0;
  const running = await runningDashboards();
  if (running.length > 0) {
    console.error(
      `The sources have changed, but a dashboard runs from the last build: ${running.join(', ')}. Building would take its files away; end it first.`,
    );
    return 1;
  }
  console.log('Building the dashboard …');
  rmSync(STANDALONE, { recursive: true, force: true });
  const code = await runVisibly(join(BINARIES, 'next'), ['build'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production', BUILD_ID: sourceHash.slice(0, 12) },
    signal,
  });
  if (code === 0) assemble(sourceHash);
  return code;
}

if (import.meta.main) process.exit(await build());
