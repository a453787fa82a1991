import type { ServerResponse } from 'node:http';
import type { ApiContext, LogRequest } from './context.ts';
import { jsonPath } from './json-path.ts';
import type { KubernetesObject } from './object.ts';
import { badRequest } from './status.ts';

interface ContainerStatus {
  name: string;
  state?: { waiting?: { reason?: string }; running?: object; terminated?: object };
  lastState?: { terminated?: object };
}

function numberParameter(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  return text === null || text === '' ? null : Number(text);
}

function chooseContainer(pod: KubernetesObject, asked: string | null): string {
  const names = jsonPath(pod, '.spec.containers[*].name').map(String);
  const initial = jsonPath(pod, '.spec.initContainers[*].name').map(String);
  if (asked !== null && asked !== '') {
    if (names.includes(asked) || initial.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  const alternative = initial.length === 0 ? '' : ` or one of the init containers: [${initial.join(' ')}]`;
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]${alternative}`,
  );
}

/** `/pods/<name>/log`. */
export function serveLog(
  context: ApiContext,
  pod: KubernetesObject,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const container = chooseContainer(pod, query.get('container'));
  const statuses = [
    ...jsonPath(pod, '.status.containerStatuses[*]'),
    ...jsonPath(pod, '.status.initContainerStatuses[*]'),
  ] as ContainerStatus[];
  const status = statuses.find(({ name }) => name === container);
  if (query.get('previous') === 'true' && status?.lastState?.terminated === undefined) {
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  }
  if (status?.state?.running === undefined && status?.state?.terminated === undefined) {
    const reason = status?.state?.waiting?.reason ?? 'ContainerCreating';
    throw badRequest(`container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${reason}`);
  }
  const request: LogRequest = {
    container,
    follow: query.get('follow') === 'true',
    tailLines: numberParameter(query, 'tailLines'),
    sinceSeconds: numberParameter(query, 'sinceSeconds'),
    timestamps: query.get('timestamps') === 'true',
    limitBytes: numberParameter(query, 'limitBytes'),
  };
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.flushHeaders();
  let sentBytes = 0;
  const stop = context.podLogs.stream(
    pod,
    request,
    (line) => {
      const room = request.limitBytes === null ? Number.POSITIVE_INFINITY : request.limitBytes - sentBytes;
      const bytes = Buffer.from(`${line}\n`, 'utf8').subarray(0, Math.min(room, Number.MAX_SAFE_INTEGER));
      sentBytes += bytes.length;
      if (bytes.length > 0) response.write(bytes);
    },
    () => response.end(),
  );
  response.on('close', stop);
}
