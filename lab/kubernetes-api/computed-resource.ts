/** A subresource that another API server of the cluster computes when it is asked for: read-only, never stored. */
export interface ComputedResource {
  group: string;
  version: string;
  plural: string;
  singular: string;
  isNamespaced: boolean;
  subresource: string;
  /** Of the answer. */
  kind: string;
  /** Whether the API is there at all. */
  isInstalled(): boolean;
  /** Undefined where there is no such object. */
  answer(namespace: string | undefined, name: string): unknown;
}
