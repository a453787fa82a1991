/** A container's image before its start: there, pulled, or not to be had, in the kubelet's own words (1.33). */
import type { ImageStores } from './image-stores.ts';
import { held } from './pod-status.ts';
import type { Pod, PodStatus } from './workload-types.ts';

export type ContainerList = 'containers' | 'initContainers';

/** The first wait after a pull that failed; each further one takes twice as long, up to the longest. */
const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;
/** The kubelet's next look at the pod finds it in back-off. */
const NEXT_LOOK_MS = 1500;

export interface ImagePullsOptions {
  images: ImageStores;
  /** Runs a task of the pod after some time, with the pod as it is then, if it still is there. */
  later(pod: Pod, delayMs: number, task: (pod: Pod) => void): void;
  report(pod: Pod, next: (pod: Pod) => PodStatus): void;
  tell(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string, field: string): void;
}

export interface ImagePulls {
  /** Goes on once the node has the image of the container; at once where it has it. */
  ensure(pod: Pod, list: ContainerList, name: string, go: (pod: Pod) => void): void;
  /** Whether the pod waits for an image that it does not name any more. */
  isChanged(pod: Pod): boolean;
  /** Tries the image that the pod names now. */
  resume(pod: Pod): void;
  forget(pod: Pod): void;
}

interface Attempt {
  list: ContainerList;
  name: string;
  image: string;
  backOffMs: number;
  go: (pod: Pod) => void;
}

/** As Go prints a duration, to the millisecond: `812ms`, `8.1s`, `1m30.26s`. */
export function goDuration(durationMs: number): string {
  const ms = Math.trunc(durationMs);
  if (ms < 1000) return ms === 0 ? '0s' : `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function imageOf(pod: Pod, { list, name }: Pick<Attempt, 'list' | 'name'>): string | undefined {
  return pod.spec[list]?.find((container) => container.name === name)?.image;
}

export function createImagePulls({ images, later, report, tell }: ImagePullsOptions): ImagePulls {
  /** Attempts that failed and wait, by pod. */
  const waiting = new Map<string, Attempt>();
  const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';

  const wait = (pod: Pod, attempt: Attempt, reason: string, message: string): void => {
    const field = `spec.${attempt.list}{${attempt.name}}`;
    tell(pod, 'Warning', 'Failed', `Error: ${reason}`, field);
    waiting.set(uidOf(pod), attempt);
    report(pod, (draft) => held(draft, attempt.name, { reason, message }));
  };

  const fail = (pod: Pod, attempt: Attempt, failure: string): void => {
    const { list, name, image, backOffMs } = attempt;
    const field = `spec.${list}{${name}}`;
    tell(pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${failure}`, field);
    wait(pod, attempt, 'ErrImagePull', failure);
    later(pod, NEXT_LOOK_MS, (looked) => {
      const message = `Back-off pulling image "${image}"`;
      tell(looked, 'Normal', 'BackOff', message, field);
      wait(looked, attempt, 'ImagePullBackOff', `${message}: ErrImagePull: ${failure}`);
    });
    later(pod, backOffMs, (retried) => {
      waiting.delete(uidOf(retried));
      start(retried, { ...attempt, backOffMs: Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS) });
    });
  };

  const start = (pod: Pod, attempt: Attempt): void => {
    const { list, name, image, go } = attempt;
    const node = pod.spec.nodeName ?? '';
    const field = `spec.${list}{${name}}`;
    const container = pod.spec[list]?.find((candidate) => candidate.name === name);
    if (container === undefined) return;
    const isPresent = images.has(node, image);
    if (isPresent && container.imagePullPolicy !== 'Always') {
      tell(pod, 'Normal', 'Pulled', `Container image "${image}" already present on machine`, field);
      go(pod);
      return;
    }
    if (container.imagePullPolicy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      tell(pod, 'Warning', 'ErrImageNeverPull', message, field);
      wait(pod, attempt, 'ErrImageNeverPull', message);
      return;
    }
    tell(pod, 'Normal', 'Pulling', `Pulling image "${image}"`, field);
    const { totalMs, pullMs, sizeBytes, failure } = images.pull(node, container);
    later(pod, totalMs, (then) => {
      if (failure !== null) fail(then, attempt, failure);
      else {
        const took = `${goDuration(pullMs)} (${goDuration(totalMs)} including waiting)`;
        const message = `Successfully pulled image "${image}" in ${took}. Image size: ${sizeBytes} bytes.`;
        tell(then, 'Normal', 'Pulled', message, field);
        if (imageOf(then, attempt) === image) go(then);
        else ensure(then, list, name, go);
      }
    });
  };

  const ensure: ImagePulls['ensure'] = (pod, list, name, go) => {
    const image = imageOf(pod, { list, name });
    if (image !== undefined) start(pod, { list, name, image, go, backOffMs: FIRST_BACK_OFF_MS });
  };

  return {
    ensure,
    isChanged: (pod) => {
      const attempt = waiting.get(uidOf(pod));
      return attempt !== undefined && imageOf(pod, attempt) !== attempt.image;
    },
    resume: (pod) => {
      const attempt = waiting.get(uidOf(pod));
      waiting.delete(uidOf(pod));
      if (attempt !== undefined) ensure(pod, attempt.list, attempt.name, attempt.go);
    },
    forget: (pod) => {
      waiting.delete(uidOf(pod));
    },
  };
}
