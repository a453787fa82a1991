import type { IncomingMessage } from 'node:http';

/** What the client wants a resource rendered as. */
export type Rendering = 'object' | 'table' | 'partial-metadata';

interface MediaType {
  type: string;
  parameters: Record<string, string>;
}

function parseMediaTypes(header: string | undefined): MediaType[] {
  return (header ?? '*/*')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      return {
        type: type.toLowerCase(),
        parameters: Object.fromEntries(
          parameters.map((parameter) => {
            const [name = '', value = ''] = parameter.split('=');
            return [name, value];
          }),
        ),
      };
    });
}

const YAML = 'application/yaml';

/** Whether YAML comes before JSON in what the client takes. */
export function prefersYaml(request: IncomingMessage): boolean {
  const chosen = parseMediaTypes(request.headers.accept).find(({ type }) => isJson(type) || type === YAML);
  return chosen?.type === YAML;
}

function isJson(type: string): boolean {
  return type === 'application/json' || type === '*/*' || type === 'application/*';
}

/** The first acceptable form, or null where neither JSON nor YAML is among it (406). */
export function negotiateRendering(request: IncomingMessage): Rendering | null {
  for (const { type, parameters } of parseMediaTypes(request.headers.accept)) {
    if (!isJson(type) && type !== YAML) continue;
    const form = parameters.as;
    if (form === undefined) return 'object';
    if (form === 'Table' && (parameters.v === 'v1' || parameters.v === 'v1beta1')) return 'table';
    if (form.startsWith('PartialObjectMetadata') && (parameters.v === 'v1' || parameters.v === 'v1beta1')) {
      return 'partial-metadata';
    }
  }
  return null;
}

/** Whether the client asks for the aggregated discovery document (1.33 serves v2 only). */
export function wantsAggregatedDiscovery(request: IncomingMessage): boolean {
  return parseMediaTypes(request.headers.accept).some(
    ({ type, parameters }) =>
      type === 'application/json' &&
      parameters.g === 'apidiscovery.k8s.io' &&
      parameters.v === 'v2' &&
      parameters.as === 'APIGroupDiscoveryList',
  );
}
