/** Uniform in [0, 1), from the browser's cryptographic source. */
export function randomFraction(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word / 2 ** 32;
}

/**
 * An id of 32 hexadecimal digits. `crypto.randomUUID` exists only in secure contexts; a demo cluster may be shown over
 * plain HTTP.
 */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
