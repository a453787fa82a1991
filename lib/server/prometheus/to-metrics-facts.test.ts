import { expect, test } from 'vitest';
import { toScrapes } from './to-metrics-facts';

test('a scrape path is a job and a prefix; the web server’s own series on the same page are none', () => {
  const found = [
    { name: 'vllm:num_requests_running', job: 'monitor', pod: 'b' },
    { name: 'vllm:num_requests_waiting', job: 'monitor', pod: 'a' },
    { name: 'http_requests_total', job: 'monitor', pod: 'a' },
    { name: 'kserve_vllm:num_requests_running', job: 'podmonitor', pod: 'a' },
    { name: 'kserve_http_requests_total', job: 'podmonitor', pod: 'a' },
  ];
  expect(toScrapes(found)).toEqual([
    { job: 'monitor', family: 'vllm:', pods: ['a', 'b'] },
    { job: 'podmonitor', family: 'kserve_vllm:', pods: ['a'] },
  ]);
});
