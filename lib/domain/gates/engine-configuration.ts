import { findBaseline, findDistributed } from '../demo-demand';
import { enginePods } from '../objects/arms';
import type { KubePod } from '../objects/core';
import { effectiveArguments, engineContainer } from '../objects/engine-arguments';
import { isReadable, knownPods } from '../readable';
import { ARMS, type Arm } from '../vocabulary';
import { boundExcerpt, isoTime, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';

export const ENGINE_CONFIGURATION_GATES: readonly GateRow[] = [
  {
    id: 'engine-configuration',
    layer: 'application',
    title: 'Arms configured alike',
    required: false,
    dependsOn: ['baseline-ready', 'distributed-ready'],
    why: 'A difference in image, model, arguments or cache explains a difference in the curves. Where the arms differ, nobody may say “same configuration”.',
    remedy:
      'Give the distributed arm the baseline’s flags in VLLM_ADDITIONAL_ARGS, or name the differences when you compare.',
    owner: 'user',
    document: null,
    command: ({ namespace }) =>
      `oc get pods -n ${namespace} -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.spec.containers[*].image}{" "}{.spec.containers[*].args}{"\\n"}{end}'`,
    evaluate: evaluateConfiguration,
  },
];

/** Arguments that name the endpoint, not the work: they differ without making a difference. */
const IDENTITY_ARGUMENTS =
  /^--(served-model-name|model|port|host|ssl-|enable-ssl|uvicorn|disable-log|api-key|root-path)/;
/** Variables that change what the engine does; of the others nothing is told. */
const ENGINE_VARIABLES = /^(VLLM_|CUDA_|NCCL_|NVIDIA_|TORCH|PYTORCH_|LD_LIBRARY_PATH$)/;
const NEUTRAL_VARIABLES = /^VLLM_(ADDITIONAL_ARGS|LOGGING_|CONFIG_ROOT|CACHE_ROOT)/;
/** Differences told in the finding; the rest is in the evidence. */
const TOLD_DIFFERENCES = 4;

type Properties = ReadonlyMap<string, string>;

function evaluateConfiguration(input: ChecklistInput): GateOutcome {
  const { pods: own, 'pods-all': all } = input.cluster.resources;
  const view = isReadable(own) ? own : all;
  if (!isReadable(view)) {
    const sight = lookAt(input, 'pods');
    if (sight.kind === 'hidden') return sight.outcome;
  }
  for (const id of ['inferenceservices', 'llminferenceservices'] as const) {
    const sight = lookAt(input, id);
    if (sight.kind === 'hidden') return sight.outcome;
  }
  const known = knownPods(input.settings, input.cluster).pods;
  const engines: Record<Arm, readonly KubePod[]> = {
    baseline: enginePods(known, 'baseline', input.settings),
    distributed: enginePods(known, 'distributed', input.settings),
  };
  const deployed: Record<Arm, boolean> = {
    baseline: findBaseline(input.settings, input.cluster) !== null,
    distributed: findDistributed(input.settings, input.cluster) !== null,
  };
  const absent = ARMS.filter((arm) => !deployed[arm] || engines[arm].length === 0);
  if (absent.length > 0) {
    return {
      status: 'not-applicable',
      finding:
        absent.length === 1
          ? `Nothing to compare: the ${absent.join()} arm has no engine.`
          : 'Nothing to compare: neither arm has an engine.',
      evidence: [kubernetesEvidence(view, { withoutEngine: absent }, input.now)],
    };
  }
  const properties = {
    baseline: propertiesOf('baseline', engines.baseline, input),
    distributed: propertiesOf('distributed', engines.distributed, input),
  };
  const names = [...new Set([...properties.baseline.keys(), ...properties.distributed.keys()])];
  const differences = names.flatMap((name) => {
    const baseline = properties.baseline.get(name) ?? 'not set';
    const distributed = properties.distributed.get(name) ?? 'not set';
    return baseline === distributed ? [] : [{ name, baseline, distributed }];
  });
  const evidence = [
    kubernetesEvidence(view, { compared: names, differences }, input.now),
    ...ARMS.flatMap((arm) => metricsEvidence(arm, input)),
  ];
  if (differences.length === 0) {
    return {
      status: 'pass',
      finding: `Both arms are configured alike in all ${names.length} things compared (image, model, version, arguments, environment, cache).`,
      evidence,
    };
  }
  const told = differences
    .slice(0, TOLD_DIFFERENCES)
    .map(({ name, baseline, distributed }) => `${name} ${short(baseline)} against ${short(distributed)}`);
  const more = differences.length - told.length;
  return {
    status: 'warn',
    finding: `Do not say “same configuration”: the arms differ (baseline against distributed): ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    evidence,
  };
}

function short(value: string): string {
  return value.length <= 60 ? value : `…${value.slice(-59)}`;
}

function propertiesOf(arm: Arm, pods: readonly KubePod[], input: ChecklistInput): Properties {
  const found = new Map<string, string>();
  const note = (name: string, values: readonly (string | null)[]) => {
    const known = [...new Set(values.filter((value) => value !== null))].sort();
    if (known.length > 0) found.set(name, known.join(', '));
  };
  note(
    'image',
    pods.map((pod) => engineContainer(pod)?.image ?? null),
  );
  note('model', [modelUri(arm, input)]);
  const versions = versionsOf(arm, input);
  // A version known of one arm only is no difference.
  if (versionsOf(arm === 'baseline' ? 'distributed' : 'baseline', input).length > 0)
    note('version', versions);
  const flags = pods.map(flagsOf);
  for (const flag of new Set(flags.flatMap((map) => [...map.keys()]))) {
    note(
      flag,
      flags.map((map) => map.get(flag) ?? 'not set'),
    );
  }
  for (const variable of new Set(pods.flatMap(variablesOf))) note(variable, ['set']);
  const published = input.metrics.arms[arm].engineConfiguration?.properties;
  const opposite =
    input.metrics.arms[arm === 'baseline' ? 'distributed' : 'baseline'].engineConfiguration?.properties;
  for (const [name, value] of Object.entries(published ?? {})) {
    // Capacity follows from the number of pods, and what only one arm publishes is no difference.
    if (name !== 'KV-cache tokens' && value !== null && opposite?.[name] != null) note(name, [value]);
  }
  return found;
}

function versionsOf(arm: Arm, input: ChecklistInput): readonly string[] {
  return input.probes.flatMap((probe) => (probe.arm === arm ? (probe.engineVersion ?? []) : []));
}

function modelUri(arm: Arm, input: ChecklistInput): string | null {
  return arm === 'baseline'
    ? (findBaseline(input.settings, input.cluster)?.modelUri ?? null)
    : (findDistributed(input.settings, input.cluster)?.model.uri ?? null);
}

/** Flags with their values; a flag without one reads as `on`. The last one wins, as in the engine. */
export function flagsOf(pod: KubePod): ReadonlyMap<string, string> {
  const words = effectiveArguments(pod);
  const flags = new Map<string, string>();
  words.forEach((word, index) => {
    if (!word.startsWith('--')) return;
    const [rawName = '', ...rest] = word.split('=');
    const name = rawName.replaceAll('_', '-');
    if (IDENTITY_ARGUMENTS.test(name)) return;
    const next = words[index + 1];
    const value = rest.length > 0 ? rest.join('=') : next === undefined || next.startsWith('-') ? 'on' : next;
    flags.set(name, value);
  });
  return flags;
}

function variablesOf(pod: KubePod): readonly string[] {
  return (engineContainer(pod)?.environmentNames ?? []).filter(
    (name) => ENGINE_VARIABLES.test(name) && !NEUTRAL_VARIABLES.test(name),
  );
}

function metricsEvidence(arm: Arm, input: ChecklistInput) {
  const { engineConfiguration } = input.metrics.arms[arm];
  const { source } = input.metrics;
  if (engineConfiguration === null || source.lastProofAt === null) return [];
  return [
    {
      source: 'prometheus' as const,
      request: engineConfiguration.promql,
      observedAt: isoTime(source.lastProofAt),
      httpStatus: source.httpStatus,
      excerpt: boundExcerpt({ arm, ...engineConfiguration.properties }),
    },
  ];
}
