/** What goes wrong at the cluster's doors on demand. All off in normal life. */
export interface IngressDisturbance {
  /** The Gateway answers everything with 500. */
  isGatewayFailing: boolean;
  /** The router has its own 503 page for every Route, passthrough ones included. */
  isRouterEmpty: boolean;
}

export function undisturbed(): IngressDisturbance {
  return { isGatewayFailing: false, isRouterEmpty: false };
}
