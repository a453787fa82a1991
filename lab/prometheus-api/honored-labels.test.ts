import { expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { instantQuery } from './query-engine.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { SeriesStore } from './series-store.ts';

test('where labels are honored those of the page win; elsewhere they are renamed', async () => {
  const clock = virtualClock();
  const store = new SeriesStore(1e12);
  const page = 'kube_pod_info{namespace="private-ai",pod="engine"} 1\n';
  const target = (job: string, honorsLabels: boolean) => ({
    labels: { job, namespace: 'openshift-monitoring', pod: 'exporter' },
    metricNamePrefix: '',
    honorsLabels,
    fetchPage: async () => page,
  });
  const targets = [target('honored', true), target('plain', false)];
  await new ScrapeLoop({ clock, scrapeIntervalMs: 5000, targets: () => targets }, store).scrapeOnce();
  const { data } = instantQuery(store, 'kube_pod_info', clock.nowMs());
  if (data.resultType !== 'vector') throw new Error(`a ${data.resultType}`);
  const found = data.samples.map(({ labels }) => labels.toObject());
  expect(found.toSorted((a, b) => (a.job ?? '').localeCompare(b.job ?? ''))).toEqual([
    { __name__: 'kube_pod_info', job: 'honored', namespace: 'private-ai', pod: 'engine' },
    {
      __name__: 'kube_pod_info',
      job: 'plain',
      namespace: 'openshift-monitoring',
      pod: 'exporter',
      exported_namespace: 'private-ai',
      exported_pod: 'engine',
    },
  ]);
});
