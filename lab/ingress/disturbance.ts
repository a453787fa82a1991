/** What goes wrong at the cluster's doors on demand. All off in normal life. */
import type { Arm } from '../world/arms.ts';

export interface IngressDisturbance {
  /** The Gateway answers everything with 500. */
  isGatewayFailing: boolean;
  /** The router has its own 503 page for the Routes of these arms, passthrough ones included. */
  readonly emptyArms: Set<Arm>;
}

export function undisturbed(): IngressDisturbance {
  return { isGatewayFailing: false, emptyArms: new Set() };
}
