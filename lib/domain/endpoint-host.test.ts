import { expect, test } from 'vitest';
import { hostProblem, isObjectName } from './endpoint-host';

test.each([
  'mistral-3-int4-private-ai.apps.rhoai-demo.example.com',
  'a3f1c0de-12.us-east-2.elb.amazonaws.com',
  'mistral-3-distributed-kserve-workload-svc.private-ai.svc.cluster.local',
  '10.0.17.203',
  '192.168.10.4',
])('%s may be called', (host) => {
  expect(hostProblem(host)).toBeNull();
});

test.each([
  'localhost',
  'a.localhost',
  '127.0.0.1',
  '127.1',
  '0.0.0.0',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '169.254.169.254',
  '100.100.100.200',
  'metadata.google.internal',
  'kubernetes.default.svc',
  '[::1]',
  '::ffff:127.0.0.1',
  'allowed.example.com@evil.example.com',
  'evil.example.com/path',
  'evil.example.com:8080',
  'EXAMPLE.com',
  'example.com.',
  'exa mple.com',
  'example.com\t',
  '',
  '224.0.0.1',
])('%j is never called', (host) => {
  expect(hostProblem(host)).not.toBeNull();
});

test.each(['..', '%2e%2e', 'a/b', 'a\\b', 'A', '', 'a b', '-a'])('%j is no object name', (name) => {
  expect(isObjectName(name)).toBe(false);
});
