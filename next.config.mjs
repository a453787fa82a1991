import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The build id names this build to old tabs (`hello`, `/api/status`); scripts/build.ts hands in the hash of the sources. */
const buildId =
  process.env.BUILD_ID ??
  createHash('sha256')
    .update(readFileSync(new URL('./package-lock.json', import.meta.url)))
    .digest('hex')
    .slice(0, 12);

/** Behind a gateway that shares its host by path prefix, e.g. `/llm-d-live`; everywhere else the root (docs/decisions/0106). */
const basePath = process.env.BASE_PATH ?? '';
if (!/^(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)*$/.test(basePath)) {
  throw new Error(
    `BASE_PATH=${basePath}: nothing, or a path like /llm-d-live without a slash at its end, is allowed`,
  );
}

/** @type {import('next').NextConfig} */
const nextConfig = {
  // One folder that starts alone: the container copies it and nothing else.
  output: 'standalone',
  generateBuildId: () => buildId,
  basePath,
  env: { BUILD_ID: buildId, BASE_PATH: basePath },
  // Types are their own step (`npm run types`, part of `npm test`): they cover the lab, the scripts and the tests too.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // Event streams must reach the browser byte by byte; the router compresses static files if it wants to.
  compress: false,
  // ES modules with JSON import attributes and native look-ups: loaded from node_modules, not bundled.
  serverExternalPackages: ['@kubernetes/client-node', 'undici', 'pino', 'ws'],
  // No image optimiser: it fetches on behalf of the caller. The front door (server/) refuses its path as well.
  images: { unoptimized: true },
  // The development server is printed, and opened, by this name.
  allowedDevOrigins: ['127.0.0.1'],
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  outputFileTracingExcludes: {
    '*': [
      './lab/**',
      './e2e/**',
      './docs/**',
      './gitops/**',
      './scripts/**',
      './.lab/**',
      './.cache/**',
      './node_modules/sharp/**',
      './node_modules/@img/**',
    ],
  },
};

export default nextConfig;
