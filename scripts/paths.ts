import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const STANDALONE = join(ROOT, '.next', 'standalone');
export const BINARIES = join(ROOT, 'node_modules', '.bin');
