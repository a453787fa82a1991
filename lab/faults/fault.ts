import type { IngressDisturbance } from '../ingress/disturbance.ts';
import type { ApiDisturbance } from '../kubernetes-api/disturbance.ts';
import type { World } from '../world/world.ts';

/** What faults act on. */
export interface FaultTargets {
  world: World;
  api: ApiDisturbance;
  ingress: IngressDisturbance;
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
  /** Connections stay open and nothing comes through any more. */
  stallApi(): void;
  resumeApi(): void;
  /** Refuses the tokens that are out; new ones come with `renewTokens`. */
  revokeTokens(): void;
  renewTokens(): void;
  /** The API server shows a certificate of another authority; its clients learn of it with `publishAuthority`. */
  changeAuthority(): void;
  publishAuthority(): void;
}

export interface Fault {
  description: string;
  /** Begins it; the answer ends it. */
  start(targets: FaultTargets): (() => void | Promise<void>) | Promise<() => void | Promise<void>>;
}
