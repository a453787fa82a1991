import type { ClusterSnapshot } from './cluster';
import { findDistributed, wantedPods } from './demo-demand';
import { waitingWords } from './derive-placement-pods';
import { enginePods, groupOf, roleOf } from './objects/arms';
import type { KubePod } from './objects/core';
import { engineParallelism } from './objects/engine-arguments';
import { podGpus } from './objects/gpus';
import { instanceTypeOf } from './objects/nodes';
import { isPodReady, podState } from './objects/pod-state';
import type { PlacementStatement, StatementKind } from './placement';
import { deriveScaling } from './placement-scaling';
import { isReadable, knownPods, PROOF_OF_LIFE_MS } from './readable';
import type { DemoSettings } from './settings';
import type { UnixMs } from './vocabulary';

/**
 * One sentence of truth about the distributed arm. Objects and effective engine arguments decide the word:
 * replicas hold the whole model each, so do data-parallel ranks; only split weights are shards.
 */
export function deriveStatement(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  now: UnixMs,
): PlacementStatement {
  const { pods: own, 'pods-all': all } = cluster.resources;
  const view = isReadable(own) ? own : all;
  if (!isReadable(view)) {
    const problem = own.problem ?? 'no answer has arrived yet';
    return {
      kind: 'none',
      text: `The pods of ${settings.namespace} cannot be seen`,
      verdict: 'unknown',
      note: problem,
    };
  }
  const pods = enginePods(knownPods(settings, cluster).pods, 'distributed', settings).filter(
    (pod) => pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
  );
  const statement = judgeStatement(pods, settings, cluster);
  const old = view.lastProofAt !== null && now - view.lastProofAt > PROOF_OF_LIFE_MS;
  return old ? { ...statement, text: `Last seen: ${statement.text}`, verdict: 'unknown' } : statement;
}

function judgeStatement(
  pods: readonly KubePod[],
  settings: DemoSettings,
  cluster: ClusterSnapshot,
): PlacementStatement {
  const service = findDistributed(settings, cluster);
  const wanted = service === null ? settings.expectedReplicas : wantedPods(service);
  const present = pods.filter((pod) => pod.meta.deletedAt === null);
  if (present.length === 0) {
    return {
      kind: 'none',
      text:
        service === null
          ? withoutService(settings, cluster)
          : `${settings.distributedName} has no pod, ${wanted} wanted`,
      verdict: 'fail',
      note: null,
    };
  }
  const kind = kindOf(present);
  const ready = present.filter(isPodReady);
  const where = describeNodes(ready, settings, cluster);
  const note = present.map((pod) => waitingWords(pod)).find((reason) => reason !== null) ?? null;
  if (ready.length === 0) {
    return {
      kind,
      text: `No pod is ready, ${wanted} wanted`,
      verdict: present.some((pod) => podState(pod).progressing) ? 'warn' : 'fail',
      note,
    };
  }
  const what = WORDS[kind](present, ready);
  const remarks: string[] = [];
  if (ready.length < wanted) {
    remarks.push(`${ready.length} of ${wanted} ready`);
  }
  if (ready.length > wanted) remarks.push(`${ready.length - wanted} more than declared`);
  if (wanted !== settings.expectedReplicas && kind === 'replicas') {
    remarks.push(`${wanted} declared, the demo expects ${settings.expectedReplicas}`);
  }
  const text = [`${what}${where.text === '' ? '' : `, ${where.text}`}`, ...remarks].join('; ');
  const verdict = remarks.length > 0 || kind === 'mixed' ? 'warn' : where.verdict;
  return {
    kind,
    text,
    verdict,
    note: ready.length < wanted ? note : autoscalerNote(ready.length - wanted, settings, cluster),
  };
}

/** Without pods and without a service that could be seen, nobody has said how many are wanted. */
function withoutService(settings: DemoSettings, cluster: ClusterSnapshot): string {
  const services = cluster.resources.llminferenceservices;
  const name = settings.distributedName;
  if (isReadable(services)) return `${name} does not exist`;
  return services.state === 'not-installed'
    ? `${name} cannot exist: this cluster has no LLMInferenceService API`
    : `${name} has no pod; how many it wants cannot be seen`;
}

/** Whose doing the pods beyond the declared ones are. */
function autoscalerNote(extra: number, settings: DemoSettings, cluster: ClusterSnapshot): string | null {
  if (extra <= 0) return null;
  const autoscaler = deriveScaling(settings, cluster).find(({ arm }) => arm === 'distributed')?.autoscaler;
  return autoscaler == null
    ? 'No autoscaler of the service is seen'
    : `${autoscaler.kind} ${autoscaler.name} wants ${autoscaler.desired ?? 'an unknown number'}, at most ${autoscaler.max ?? '?'}`;
}

type Verdict = PlacementStatement['verdict'];

/** What one pod's engine does with the weights. */
type PodKind = 'whole' | 'data-parallel' | 'shards' | 'group';

function podKind(pod: KubePod): PodKind {
  const { tensor, pipeline, data } = engineParallelism(pod);
  const group = groupOf(pod);
  const grouped = group !== null && group.size > 1;
  if (tensor > 1 && podGpus(pod.containers) > 1) return 'shards';
  if (pipeline > 1 && (grouped || podGpus(pod.containers) > 1)) return 'shards';
  if (data > 1) return 'data-parallel';
  return grouped ? 'group' : 'whole';
}

function kindOf(pods: readonly KubePod[]): Exclude<StatementKind, 'none'> {
  const roles = new Set(pods.map((pod) => roleOf(pod, 'distributed')));
  if (roles.has('prefill') && (roles.has('decode') || roles.has('both'))) return 'prefill-decode';
  const kinds = new Set(pods.map(podKind));
  if (kinds.size > 1) return 'mixed';
  const [only = 'whole'] = kinds;
  switch (only) {
    case 'whole':
      return 'replicas';
    case 'data-parallel':
      return 'data-parallel';
    case 'shards':
      return 'shards';
    case 'group':
      // A group alone proves neither copies nor shards.
      return 'mixed';
    default:
      return only satisfies never;
  }
}

const WORDS: Record<
  Exclude<StatementKind, 'none'>,
  (present: readonly KubePod[], ready: readonly KubePod[]) => string
> = {
  replicas: (_present, ready) =>
    ready.length === 1 ? '1 replica, the whole model' : `${ready.length} replicas, each the whole model`,
  'data-parallel': (present, ready) => {
    const groups = groupCount(present);
    return groups === 0
      ? `${plural(ready.length, 'pod')}, data parallel: each rank the whole model`
      : `${plural(groups, 'group')} with ${plural(ready.length, 'data-parallel rank')}, each the whole model`;
  },
  shards: (_present, ready) => {
    const sizes = new Set(
      ready.map((pod) => engineParallelism(pod)).map(({ tensor, pipeline }) => tensor * pipeline),
    );
    const [size] = sizes;
    const over = sizes.size === 1 && size !== undefined ? ` over ${size} GPUs` : '';
    return ready.length === 1
      ? `1 pod, the model sharded${over}`
      : `${ready.length} pods, the model sharded${over} each`;
  },
  'prefill-decode': (_present, ready) => {
    const prefill = ready.filter((pod) => roleOf(pod, 'distributed') === 'prefill').length;
    return `${prefill} prefill and ${ready.length - prefill} decode, each the whole model`;
  },
  mixed: (present, ready) => {
    const groups = groupCount(present);
    return groups > 0
      ? `${plural(groups, 'group')} of pods, ${ready.length} ready; their arguments do not tell how they share the model`
      : `${plural(ready.length, 'pod')} with different engine arguments`;
  },
};

function groupCount(pods: readonly KubePod[]): number {
  const groups = pods.map(groupOf).filter((group) => group !== null);
  return new Set(groups.map((group) => `${group.set}/${group.groupIndex}`)).size;
}

function describeNodes(
  ready: readonly KubePod[],
  settings: DemoSettings,
  cluster: ClusterSnapshot,
): { text: string; verdict: Verdict } {
  const names = [...new Set(ready.map((pod) => pod.nodeName).filter((name) => name !== null))];
  if (names.length === 0) return { text: '', verdict: 'fail' };
  const view = cluster.resources.nodes;
  const together = ready.length > 1 && names.length === 1;
  const spread = names.length === 1 ? (together ? 'on the same' : 'on 1') : `on ${names.length} different`;
  if (!isReadable(view)) {
    return {
      text: `${spread} ${names.length === 1 ? 'node' : 'nodes'} of unknown type`,
      verdict: together ? 'warn' : 'unknown',
    };
  }
  const types = names.map((name) => {
    const node = view.items.find((item) => item.meta.name === name);
    return node === undefined ? null : instanceTypeOf(node);
  });
  const [first] = types;
  const same = types.every((type) => type === first) ? first : null;
  const wrong = types.filter((type) => type !== settings.instanceType).length;
  const noun = names.length === 1 ? 'node' : 'nodes';
  const typeText = same === null || same === undefined ? '' : `${same} `;
  const wrongText =
    wrong === 0
      ? ''
      : wrong === types.length
        ? ` (not ${settings.instanceType})`
        : ` (${wrong} of them not ${settings.instanceType})`;
  return {
    text: `${spread} ${typeText}${noun}${wrongText}`,
    verdict: together || wrong > 0 ? 'warn' : 'pass',
  };
}

function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
