/** Faults of nodes, Gateway, endpoint picker and router. */
import { toTimestamp } from '../kubernetes-api/object.ts';
import { ARMS } from '../world/arms.ts';
import { UNREACHABLE } from '../world/tolerations.ts';
import type { Node, Pod } from '../world/workload-types.ts';
import type { World } from '../world/world.ts';
import type { Fault } from './fault.ts';

/** The node of one of the two llm-d replicas. */
const LOST_NODE = 'ip-10-0-29-140.us-east-2.compute.internal';
const SCHEDULER_COMPONENT = 'llminferenceservice-router-scheduler';

function setReady({ cluster }: World, pod: Pod, isReady: boolean, reason: string): void {
  const status = isReady ? 'True' : 'False';
  cluster.update<Pod>('pods', pod, (draft) => {
    draft.status.conditions = (draft.status.conditions ?? []).map((condition) => {
      if (condition.type !== 'Ready' && condition.type !== 'ContainersReady') return condition;
      const { reason: _, message: __, ...rest } = condition;
      const why = isReady ? {} : { reason };
      return { ...rest, ...why, status, lastTransitionTime: cluster.now() };
    });
  });
}

export const nodeLost: Fault = {
  description: `node ${LOST_NODE.split('.')[0]} falls silent: NotReady, unreachable, its engine gone; after 300 s its pods are evicted and replaced where there is room; it returns empty`,
  start: ({ world }) => {
    const { cluster, engines, events } = world;
    const node = cluster.get<Node>('nodes', undefined, LOST_NODE);
    if (node === undefined) return () => {};
    const now = toTimestamp(cluster.clock.nowMs());
    cluster.update<Node>('nodes', node, (draft) => {
      draft.status.conditions = (draft.status.conditions ?? []).map((condition) => ({
        ...condition,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: now,
      }));
      draft.spec.taints = [
        ...(draft.spec.taints ?? []),
        { key: UNREACHABLE, effect: 'NoSchedule' },
        { key: UNREACHABLE, effect: 'NoExecute' },
      ];
    });
    const source = { component: 'node-controller' };
    const message = `Node ${LOST_NODE} status is now: NodeNotReady`;
    events.record(node, 'Normal', 'NodeNotReady', message, source);
    const podsThere = (): Pod[] =>
      cluster.list<Pod>('pods').filter(({ spec }) => spec.nodeName === LOST_NODE);
    for (const pod of podsThere()) {
      engines.get(pod.metadata.uid ?? '')?.kill();
      setReady(world, pod, false, 'NodeNotReady');
      events.record(pod, 'Warning', 'NodeNotReady', 'Node is not ready', source);
    }
    return () => {
      const lost = cluster.get<Node>('nodes', undefined, LOST_NODE);
      if (lost === undefined) return;
      cluster.update<Node>('nodes', lost, (draft) => {
        draft.status.conditions = node.status.conditions ?? [];
        draft.spec.taints = (draft.spec.taints ?? []).filter(({ key }) => key !== UNREACHABLE);
      });
      for (const { metadata } of podsThere()) world.killPod(metadata.name, metadata.namespace);
    };
  },
};

export const gatewayFailing: Fault = {
  description: 'the Gateway answers everything with 500',
  start: ({ ingress }) => {
    ingress.isGatewayFailing = true;
    return () => {
      ingress.isGatewayFailing = false;
    };
  },
};

export const pickerDown: Fault = {
  description: 'the endpoint picker is not ready: the Gateway falls open and spreads requests unscheduled',
  start: ({ world }) => {
    const pickers = (): Pod[] =>
      world.cluster
        .list<Pod>('pods')
        .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === SCHEDULER_COMPONENT);
    for (const pod of pickers()) setReady(world, pod, false, 'ContainersNotReady');
    return () => {
      for (const pod of pickers()) setReady(world, pod, true, '');
    };
  },
};

export const endpointUnavailable: Fault = {
  description: 'Routes answer 503 with the router’s HTML page; the Gateway does not',
  aim: { whenUnaimed: 'every Route' },
  start: ({ ingress }, arm) => {
    const arms = arm === null ? ARMS : [arm];
    const emptied = arms.filter((candidate) => !ingress.emptyArms.has(candidate));
    for (const candidate of emptied) ingress.emptyArms.add(candidate);
    return () => {
      for (const candidate of emptied) ingress.emptyArms.delete(candidate);
    };
  },
};

export const podKilled: Fault = {
  description:
    '(at once) one engine pod is gone without grace, its connections cut; its controller makes another',
  aim: { whenUnaimed: 'the distributed arm' },
  start: ({ world }, arm) => {
    const victim = world.engines.list().find((entry) => entry.arm === (arm ?? 'distributed'));
    if (victim !== undefined) world.killPod(victim.engine.podName, victim.namespace);
    return () => {};
  },
};
