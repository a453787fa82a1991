import { describe, expect, it } from 'vitest';
import type { LaneFact } from '@/lib/domain/lane-facts';
import { toFactSheet, toFactWords } from './lane-facts-model';

const FACTS: LaneFact[] = [
  { id: 'model', value: 'mistral-small-24b-w4a16', source: 'a' },
  { id: 'quantization', value: 'w4a16', source: 'b' },
  { id: 'context', value: 8_192, source: 'c' },
  { id: 'replicas', value: 1, source: 'd' },
  { id: 'gpus', value: 2, source: 'd' },
  { id: 'engine', value: '0.10.1.1', source: 'e' },
];

describe('what a lane is', () => {
  it('is said in one line', () => {
    expect(toFactWords(FACTS)).toEqual([
      '2 GPUs',
      'w4a16',
      '8\u202f192 context',
      'vLLM 0.10.1.1',
      'mistral-small-24b-w4a16',
    ]);
  });

  it('leaves out what nobody told, and shortens images to their release', () => {
    expect(
      toFactWords([
        { id: 'gpus', value: null, source: 'the pods are not known' },
        { id: 'engine', value: 'registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.2-1762', source: 'image' },
      ]),
    ).toEqual(['vllm-cuda-rhel9:3.2.2-1762']);
  });

  it('says on demand who told each, and why one is not known', () => {
    const lane = {
      arm: 'baseline' as const,
      servedModelName: 'mistral-3-int4',
      facts: [{ id: 'gpus' as const, value: null, source: 'the pods are not known' }],
      paths: [
        {
          path: 'route' as const,
          url: null,
          usable: false,
          schedulerInPath: false,
          verifiesTls: true,
          finding: 'No Route.',
        },
      ],
      usedPath: null,
      sendsKey: false,
    };
    expect(toFactSheet('INT4 baseline', lane, '2025-12-29T12:00:00.000Z').sections).toEqual([
      {
        heading: 'GPUs: not known',
        rows: [{ kind: 'text', name: 'Told by', value: 'the pods are not known' }],
      },
      { heading: 'Ways to it', rows: [{ kind: 'text', name: 'by route', value: 'not usable. No Route.' }] },
      { heading: null, rows: [{ kind: 'time', name: 'Observed', value: '2025-12-29T12:00:00.000Z' }] },
    ]);
  });
});
