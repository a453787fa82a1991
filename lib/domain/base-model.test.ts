import { describe, expect, it } from 'vitest';
import { baseModelOf } from './base-model';

describe('baseModelOf', () => {
  it.each([
    [
      'oci://registry.redhat.io/rhelai1/modelcar-mistral-small-24b-instruct-2501-quantized-w4a16:1.5',
      'mistral-small-24b-instruct-2501',
    ],
    ['hf://mistralai/Mistral-Small-24B-Instruct-2501', 'mistral-small-24b-instruct-2501'],
    ['s3://models/mistral-small-24b-instruct-2501/', 'mistral-small-24b-instruct-2501'],
    ['oci://example.com/granite-3.1-8b-instruct-fp8-dynamic@sha256:0123', 'granite-3.1-8b-instruct'],
  ])('reads %s', (uri, model) => {
    expect(baseModelOf(uri)).toBe(model);
  });

  it('does not guess where there is no URI', () => {
    expect(baseModelOf(null)).toBeNull();
    expect(baseModelOf('')).toBeNull();
  });
});
