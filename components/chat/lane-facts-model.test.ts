import { describe, expect, it } from 'vitest';
import type { LaneFact } from '@/lib/domain/lane-facts';
import { buildLaneFacts } from '@/lib/domain/testing/build-lane-facts';
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
    expect(toFactWords(buildLaneFacts({ facts: FACTS }), null)).toEqual([
      '2 GPUs',
      'w4a16',
      '8\u202f192 context',
      'vLLM 0.10.1.1',
      'mistral-small-24b-w4a16',
    ]);
  });

  it('leaves out what nobody told, and shortens images to their release', () => {
    expect(
      toFactWords(
        buildLaneFacts({
          facts: [
            { id: 'gpus', value: null, source: 'the pods are not known' },
            { id: 'engine', value: 'registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.2-1762', source: 'image' },
          ],
        }),
        null,
      ),
    ).toEqual(['vllm-cuda-rhel9:3.2.2-1762']);
  });

  it('claims nothing of the cluster’s objects for a configured URL, however it came to be used', () => {
    const configuredFacts: LaneFact[] = [
      { id: 'model', value: null, source: 'x' },
      { id: 'quantization', value: null, source: 'x' },
      { id: 'context', value: 32_768, source: 'GET /v1/models, max_model_len' },
      { id: 'replicas', value: null, source: 'x' },
      { id: 'gpus', value: null, source: 'x' },
      { id: 'engine', value: '9.9', source: 'GET /version by configured URL' },
    ];
    const lane = buildLaneFacts({ facts: FACTS, configuredFacts, usedPath: 'override' });
    const words = ['configured URL: GPUs, weights and model not known', '32\u202f768 context', 'engine 9.9'];
    expect([toFactWords(lane, null), toFactWords(lane, 'override')]).toEqual([words, words]);
    expect(toFactWords(lane, 'route')[0]).toBe('2 GPUs');
    const headings = toFactSheet('INT4 baseline', lane, null, '2025-12-29T12:00:00.000Z').sections.map(
      ({ heading }) => heading,
    );
    expect(headings.slice(0, 6)).toEqual([
      'Model: not known',
      'Weights: not known',
      'Context: 32768',
      'Engine pods: not known',
      'GPUs: not known',
      'Engine: 9.9',
    ]);
  });

  it('says on demand who told each, and why one is not known', () => {
    const lane = buildLaneFacts({
      podsSeenAt: '2025-12-29T11:58:00.000Z',
      facts: [{ id: 'gpus', value: null, source: 'the pods are not known' }],
      paths: [
        {
          path: 'route',
          url: null,
          usable: false,
          schedulerInPath: false,
          verifiesTls: true,
          connectsInsteadOfPort: null,
          finding: 'No Route.',
        },
      ],
    });
    expect(toFactSheet('INT4 baseline', lane, null, '2025-12-29T12:00:00.000Z').sections).toEqual([
      {
        heading: 'GPUs: not known',
        rows: [{ kind: 'text', name: 'Told by', value: 'the pods are not known' }],
      },
      { heading: 'Ways to it', rows: [{ kind: 'text', name: 'by route', value: 'not usable. No Route.' }] },
      {
        heading: null,
        rows: [
          { kind: 'time', name: 'Observed', value: '2025-12-29T12:00:00.000Z' },
          { kind: 'time', name: 'Pods last seen', value: '2025-12-29T11:58:00.000Z' },
        ],
      },
    ]);
  });
});
