/** What goes wrong in an API server on demand. All off in normal life. */
export interface ApiDisturbance {
  /** Lists wait this long before they are answered; 0 is off. */
  slowListMs: number;
  /** Every request for an object or a list is sent away with 429 and Retry-After. */
  isBusy: boolean;
  /** Every request for an object or a list fails with 500, as while etcd changes its leader. */
  isFailing: boolean;
}

export function calm(): ApiDisturbance {
  return { slowListMs: 0, isBusy: false, isFailing: false };
}
