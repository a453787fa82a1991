/** Which images the nodes have, and what it takes to bring them one that is missing. */
import { isRecord, type KubernetesObject } from '../kubernetes-api/object.ts';
import { seedFromText } from '../random.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { Container, Node, Pod } from './workload-types.ts';

/** About what the scene's own pull of the model's image took: 13.5 GB in 2m45s. */
const BYTES_PER_SECOND = 90_000_000;
const LARGE_BYTES = { least: 5_500_000_000, spread: 2_600_000_000 };
const SMALL_BYTES = { least: 40_000_000, spread: 260_000_000 };
/** Of an image that the node has already, only the manifest is asked for. */
const MANIFEST_MS = 600;
/** A name that no name server knows is told at once. */
const REFUSED_MS = 300;
const MODEL_IMAGE = /vllm|modelcar/i;

export interface Pull {
  /** From the request to its end, and the part of it after earlier pulls of the node were through. */
  totalMs: number;
  pullMs: number;
  sizeBytes: number;
  /** What the container runtime says, where no registry gives the image. */
  failure: string | null;
}

export interface ImageStores {
  has(node: string, image: string): boolean;
  /** Begins a pull; once its time is over the node has the image. A node pulls one image after the other. */
  pull(node: string, container: Container): Pull;
  /** A scene has been rehearsed: each of its nodes has all images that its objects name. */
  learn(scene: readonly KubernetesObject[]): void;
  stop(): void;
}

function collect(value: unknown, images: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, images);
  else if (isRecord(value)) {
    for (const [field, inner] of Object.entries(value)) {
      if (field === 'image' && typeof inner === 'string') images.add(inner);
      else collect(inner, images);
    }
  }
}

function imagesOf(object: KubernetesObject, images: Set<string>): void {
  if (['Event', 'Node', 'CustomResourceDefinition'].includes(object.kind)) return;
  if (object.kind !== 'Pod') {
    collect(object, images);
    return;
  }
  const { containers, initContainers = [] } = (object as Pod).spec;
  for (const { image } of [...containers, ...initContainers]) images.add(image);
}

/** CRI-O's words for a registry whose name does not resolve; names in `.invalid` never do (RFC 2606). */
function failureOf(image: string): string | null {
  const registry = image.split('/')[0] ?? '';
  const host = registry.split(':')[0] ?? '';
  if (!host.endsWith('.invalid')) return null;
  const lookup = `dial tcp: lookup ${host} on 10.0.0.2:53: no such host`;
  return `initializing source docker://${image}: pinging container registry ${registry}: Get "https://${registry}/v2/": ${lookup}`;
}

export interface ImageStoresOptions {
  cluster: ClusterAccess;
  seed: number;
  /** Factor on the time of a pull; 1 is real time. */
  timeFactor: number;
}

export function createImageStores({ cluster, seed, timeFactor }: ImageStoresOptions): ImageStores {
  const sceneNodes = new Set<string>();
  const sceneImages = new Set<string>();
  const pulled = new Set<string>();
  const busyUntilMs = new Map<string, number>();
  /** Pulls under way, by place: how to give them up. */
  const arrivals = new Map<string, () => void>();
  const place = (node: string, image: string): string => `${node}\n${image}`;
  const listed = (image: string, nodes: readonly (Node | undefined)[]): number | undefined =>
    nodes.flatMap((node) => node?.status?.images ?? []).find(({ names }) => names?.includes(image))
      ?.sizeBytes;

  const sizeOf = ({ image, resources }: Container): number => {
    const known = listed(image, cluster.list<Node>('nodes'));
    if (known !== undefined) return known;
    const isLarge = MODEL_IMAGE.test(image) || resources?.limits?.['nvidia.com/gpu'] !== undefined;
    const { least, spread } = isLarge ? LARGE_BYTES : SMALL_BYTES;
    return least + (((seedFromText(image) ^ seed) >>> 0) % spread);
  };

  const has: ImageStores['has'] = (node, image) =>
    (sceneNodes.has(node) && sceneImages.has(image)) ||
    pulled.has(place(node, image)) ||
    listed(image, [cluster.get<Node>('nodes', undefined, node)]) !== undefined;

  return {
    has,
    pull: (node, container) => {
      const { image } = container;
      const sizeBytes = sizeOf(container);
      const failure = failureOf(image);
      const nowMs = cluster.clock.nowMs();
      const waitMs = Math.max(0, (busyUntilMs.get(node) ?? 0) - nowMs);
      const here = place(node, image);
      const isPresentThen = has(node, image) || arrivals.has(here);
      const realMs =
        failure !== null ? REFUSED_MS : isPresentThen ? MANIFEST_MS : (sizeBytes * 1000) / BYTES_PER_SECOND;
      const pullMs = Math.max(1, Math.round(realMs * timeFactor));
      const totalMs = waitMs + pullMs;
      busyUntilMs.set(node, nowMs + totalMs);
      if (failure === null && !isPresentThen) {
        const arrive = (): void => {
          arrivals.delete(here);
          pulled.add(here);
        };
        arrivals.set(here, cluster.clock.schedule(totalMs, arrive));
      }
      return { totalMs, pullMs, sizeBytes, failure };
    },
    learn: (scene) => {
      for (const object of scene) {
        if (object.kind === 'Node') sceneNodes.add(object.metadata.name);
        imagesOf(object, sceneImages);
      }
    },
    stop: () => {
      for (const cancel of arrivals.values()) cancel();
    },
  };
}
