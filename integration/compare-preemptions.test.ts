import { expect, it, onTestFinished } from 'vitest';
import { virtualClock } from '../lab/clock';
import { startLab } from '../lab/lab';
import { playLoad } from '../lab/load/scripted-load';
import { compareOn, seriesIn } from './compare-on-lab';

it('preemptions are those that happened: more requests at once than the KV cache holds', async () => {
  const clock = virtualClock(Date.UTC(2025, 11, 29, 14, 20, 1, 337));
  const lab = await startLab({ clock, seed: 3, scrapeIntervalMs: 5_000 });
  const dashboard = compareOn(lab.urls.prometheus);
  onTestFinished(async () => {
    await dashboard.close();
    await lab.stop();
  });
  await clock.advance(20_000);
  const requests = Array.from({ length: 70 }, (_, index) => ({
    atMs: index,
    arm: 'baseline' as const,
    promptTokens: 700,
    outputTokens: 200,
    conversation: index,
  }));
  playLoad(lab, clock, requests);
  await clock.advance(200_000);
  const happened = lab.groundTruth().flatMap(({ preemptedMs }) => preemptedMs);
  expect(happened.length).toBeGreaterThan(5);
  const answer = await dashboard.at(clock.nowMs(), '5m');
  const series = seriesIn(answer, 'preemptions', 'baseline');
  expect({ samples: series.samples, presence: series.presence, latest: series.latest }).toEqual({
    samples: happened.length,
    presence: 'ok',
    latest: 0,
  });
  const first = Math.min(...happened);
  const last = Math.max(...happened) + 5_000 + answer.rateWindowSeconds * 1_000;
  const rising = series.points.filter(([, value]) => value !== null && value > 0);
  expect(rising.filter(([at]) => Date.parse(at) < first || Date.parse(at) > last)).toEqual([]);
  expect(seriesIn(answer, 'preemptions', 'distributed')).toMatchObject({ samples: 0, latest: 0 });
}, 60_000);
