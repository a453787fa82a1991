import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checklist } from '@/lib/domain/checklist';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { type Config, parseConfig } from '@/lib/server/config';
import { type ClusterReader, createClusterReader } from '@/lib/server/kubernetes/cluster-reader';
import {
  discoveredGroupVersions,
  explainedKinds,
  resourceDefinitions,
} from '@/lib/server/kubernetes/resources';
import { createRuntime, type Runtime } from '@/lib/server/runtime';
import type { Lab } from '../lab/lab';

export interface DashboardOnLab {
  readonly runtime: Runtime;
  checklist(): Checklist;
  /** Status of every gate, and its reason where it has one: `unknown forbidden`. */
  statuses(): Record<string, string>;
  /** The first checklist of which this is true; the last one when the time is over. */
  untilChecklist(isMeant: (checklist: Checklist) => boolean, patienceMs?: number): Promise<Checklist>;
  /** Writes the kubeconfig as the lab has it now, for what has changed its tokens or its authority. */
  renewKubeconfig(): void;
  stop(): Promise<void>;
}

/** Status of a gate with its reason, as the tables of these tests write it. */
export function inWords({ status, reason }: Checklist['gates'][number]): string {
  return reason === null ? status : `${status} ${reason}`;
}

export function statusesOf(checklist: Checklist): Record<string, string> {
  return Object.fromEntries(checklist.gates.map((gate) => [gate.id, inWords(gate)]));
}

/** Whether every gate has been judged from answers. */
export function isComplete({ gates }: Checklist): boolean {
  return gates.every(({ reason }) => reason !== 'syncing');
}

/** The configuration of a dashboard that looks at a lab, and the files it names. */
export interface LabConfig {
  config: Config;
  /** Writes the kubeconfig as the lab has it now, for what has changed its tokens or its authority. */
  renewKubeconfig(): void;
  remove(): void;
}

export function labConfig(lab: Lab, environment: Readonly<Record<string, string>> = {}): LabConfig {
  const folder = mkdtempSync(join(tmpdir(), 'llm-d-live-integration-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const authority = join(folder, 'authority.pem');
  const renewKubeconfig = (): void => writeFileSync(kubeconfig, lab.kubeconfig, { mode: 0o600 });
  renewKubeconfig();
  writeFileSync(authority, lab.authorityPem);
  const config = parseConfig(
    {
      KUBECONFIG: kubeconfig,
      PROMETHEUS_URL: lab.urls.prometheus,
      INGRESS_CONNECT_TO: lab.connectTo,
      MODEL_CA_FILE: authority,
      LOG_LEVEL: 'silent',
      ...environment,
    },
    (path) => readFileSync(path, 'utf8'),
  );
  return { config, renewKubeconfig, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The dashboard's own reader of a cluster, with everything that it reads. */
export function readerOf(config: Config): ClusterReader {
  return createClusterReader({
    config,
    definitions: resourceDefinitions(DEFAULT_SETTINGS),
    discoveredGroupVersions,
    explainedKinds,
  });
}

/** Waits until this is true, or until the patience is over. */
export function untilTrue(isMeant: () => boolean, patienceMs = 15_000): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      clearInterval(looking);
      clearTimeout(patience);
      resolve();
    };
    const look = (): void => {
      if (isMeant()) settle();
    };
    const looking = setInterval(look, 25);
    const patience = setTimeout(settle, patienceMs);
    look();
  });
}

/** The dashboard's whole server core in this process, on a lab: real reader, prober, metrics watch and judgement. */
export function openDashboard(lab: Lab, environment: Readonly<Record<string, string>> = {}): DashboardOnLab {
  const { config, renewKubeconfig, remove } = labConfig(lab, environment);
  lab.onCredentialsChanged(renewKubeconfig);
  const runtime = createRuntime(config);
  const checklist = (): Checklist => runtime.hub.current().checklist;
  return {
    runtime,
    checklist,
    statuses: () => statusesOf(checklist()),
    untilChecklist: async (isMeant, patienceMs = 15_000) => {
      await untilTrue(() => isMeant(checklist()), patienceMs);
      return checklist();
    },
    renewKubeconfig,
    stop: async () => {
      await runtime.shutdown(0);
      remove();
    },
  };
}
