import type { IngressDisturbance } from '../ingress/disturbance.ts';
import type { ApiDisturbance } from '../kubernetes-api/disturbance.ts';
import type { PrometheusFaultSwitch } from '../parts.ts';
import type { Arm } from '../world/arms.ts';
import type { World } from '../world/world.ts';
import type { EngineFaultBoard } from './engine-fault-board.ts';

/** What faults act on. */
export interface FaultTargets {
  world: World;
  api: ApiDisturbance;
  ingress: IngressDisturbance;
  engines: EngineFaultBoard;
  metrics: {
    /** Null where a real Prometheus does the work. */
    faults: PrometheusFaultSwitch | null;
    /** Pods whose metrics port does not answer the scraper. */
    readonly unscrapedPods: Set<string>;
  };
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

/** Ends a fault that has begun. */
export type EndFault = () => void | Promise<void>;

export interface Fault {
  description: string;
  /** It can be aimed at one arm; without an aim it hits what `whenUnaimed` says. Absent: it cannot be aimed. */
  aim?: { whenUnaimed: string };
  /** Why it cannot happen in this lab; null where it can. */
  obstacle?(targets: FaultTargets): string | null;
  /** Begins it; the answer ends it. */
  start(targets: FaultTargets, arm: Arm | null): EndFault | Promise<EndFault>;
}
