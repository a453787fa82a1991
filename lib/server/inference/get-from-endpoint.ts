import 'server-only';
import { type Dispatcher, request } from 'undici';
import type { ReachableEndpoint } from './relay-chat';

export interface EndpointQuestion {
  endpoint: ReachableEndpoint;
  dispatcher: Dispatcher;
  apiKey: string | null;
  signal: AbortSignal;
}

/** One GET for JSON at a model endpoint, with the model's own key as the only credential. */
export function getFromEndpoint(
  url: URL,
  { dispatcher, apiKey, signal }: Omit<EndpointQuestion, 'endpoint'>,
): Promise<Dispatcher.ResponseData> {
  return request(url, {
    method: 'GET',
    dispatcher,
    signal,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    },
  });
}
