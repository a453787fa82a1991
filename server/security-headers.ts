import { randomBytes } from 'node:crypto';

export interface PagePolicy {
  /** Handed to Next.js on the request, which puts it on every script tag it writes. */
  nonce: string;
  contentSecurityPolicy: string;
}

/**
 * The content security policy of one page view. Everything comes from our own origin; styles may be inline
 * because React writes style attributes; scripts only with this view's nonce.
 */
export function createPagePolicy(isDevelopment: boolean): PagePolicy {
  const nonce = randomBytes(16).toString('base64');
  // The development server evaluates modules and talks over a WebSocket; the built one does neither.
  const script = `'self' 'nonce-${nonce}'${isDevelopment ? " 'unsafe-eval'" : ''}`;
  const connect = isDevelopment ? "'self' ws:" : "'self'";
  const contentSecurityPolicy = [
    "default-src 'self'",
    `script-src ${script}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { nonce, contentSecurityPolicy };
}

/** On every answer, whatever it is. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), screen-wake-lock=(self), fullscreen=(self)',
};
