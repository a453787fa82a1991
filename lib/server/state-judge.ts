import 'server-only';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { derivePlacement, type PlacementInput } from '@/lib/domain/derive-placement';
import type { EndpointPath } from '@/lib/domain/endpoints';
import { checklistSteps } from '@/lib/domain/evaluate-checklist';
import type { ChecklistInput } from '@/lib/domain/gates/gate-row';
import type { DemoSettings } from '@/lib/domain/settings';
import { combineModes, type Source, type Status } from '@/lib/domain/status';
import type { Steps } from '@/lib/domain/steps';
import { ARMS, type Arm, type Mode } from '@/lib/domain/vocabulary';
import { BUILD_ID } from './build-id';
import type { Clock } from './clock';
import { endpointLight } from './endpoint-light';
import type { Prober } from './inference/prober';
import type { ClusterSource } from './kubernetes/cluster-source';
import type { LiveState } from './live/hub';
import type { MetricsWatch } from './prometheus/metrics-watch';

export interface StateJudgeOptions {
  settings: DemoSettings;
  clock: Clock;
  cluster: { snapshot(): ClusterSnapshot; source(): ClusterSource };
  paths: () => Record<Arm, EndpointPath[]>;
  prober: Pick<Prober, 'results' | 'source'>;
  metrics: Pick<MetricsWatch, 'facts' | 'mode' | 'activity'>;
  access: () => ChecklistInput['access'];
  queuePositions: () => ReadonlyMap<string, number>;
  actions: PlacementInput['actions'];
}

/** Makes of all sources what the screens show. */
export interface StateJudge {
  sources(): Source[];
  /** Sticky: what was once seen of a mode stays true. */
  mode(): Mode;
  /** The whole state at this moment, in parts; all that is judged is taken before the first. */
  judge(previous: LiveState | null): Steps<LiveState>;
}

export function createStateJudge(options: StateJudgeOptions): StateJudge {
  const { settings, clock, cluster, prober, metrics } = options;
  let stickyMode: Mode = 'unknown';

  function sources(): Source[] {
    const clusterSource = cluster.source();
    const paths = options.paths();
    const told = [
      { id: 'cluster' as const, ...clusterSource },
      { id: 'metrics' as const, ...metrics.facts().source, mode: metrics.mode() },
      ...ARMS.map((arm) => ({
        id: arm,
        ...endpointLight(paths[arm], prober.source(arm), clusterSource.state),
      })),
    ];
    return told.map(({ id, state, mode, lastProofAt, detail }) => ({
      id,
      state,
      mode,
      lastProofAt: lastProofAt === null ? null : new Date(lastProofAt).toISOString(),
      detail,
    }));
  }

  function modeOf(told: readonly Source[]): Mode {
    const now = combineModes(told.map((source) => source.mode));
    if (now !== 'unknown') stickyMode = combineModes([stickyMode, now]);
    return stickyMode;
  }

  return {
    sources,
    mode: () => modeOf(sources()),
    *judge(previous) {
      const told = sources();
      const mode = modeOf(told);
      const input = {
        settings,
        cluster: cluster.snapshot(),
        probes: prober.results(),
        mode,
        now: clock.now(),
      };
      const access = options.access();
      const facts = metrics.facts();
      const activity = metrics.activity();
      const queuePositions = options.queuePositions();
      const status: Status = { mode, buildId: BUILD_ID, sources: told };
      const checklist = yield* checklistSteps({
        ...input,
        metrics: facts,
        access,
        previous: previous?.checklist ?? null,
      });
      const placement = derivePlacement({
        ...input,
        activity,
        previous: previous?.placement ?? null,
        actions: options.actions,
        queuePositions,
      });
      yield;
      return { status, checklist, placement };
    },
  };
}
