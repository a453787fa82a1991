import 'server-only';

/** Written into the bundle by next.config.mjs at build time. */
export const BUILD_ID: string = process.env.BUILD_ID ?? 'development';
