import 'server-only';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { servingSignature } from '@/lib/domain/serving-signature';
import type { DemoSettings } from '@/lib/domain/settings';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';

/** Says which arms are served by something else than at the look before: what was proved about them is old (decision 0227). */
export function createServingWatch(settings: DemoSettings): (cluster: ClusterSnapshot) => Arm[] {
  const known = new Map<Arm, string>();
  return (cluster) =>
    ARMS.filter((arm) => {
      const next = servingSignature(arm, settings, cluster);
      if (next === null) return false;
      const before = known.get(arm);
      known.set(arm, next);
      return before !== undefined && before !== next;
    });
}
