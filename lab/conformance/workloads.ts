import { describe, expect, test } from 'vitest';
import type { JsonObject } from './api-client.ts';
import {
  at,
  create,
  deployment,
  deployments,
  type Given,
  patch,
  pod,
  pods,
  post,
  refusal,
} from './target.ts';

export function describeWorkloads(given: Given): void {
  describe('workloads', () => {
    test('a Deployment counts its generations, and its scale is an object of its own', async () => {
      const { admin, namespace } = given();
      const made = await create(admin, deployments(given()), deployment('scaled'));
      expect(at(made, 'metadata', 'generation')).toBe(1);
      const scale = await admin.call(`${deployments(given())}/scaled/scale`);
      expect(scale.body).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'scaled' },
        spec: {},
        status: { replicas: 0, selector: 'app=scaled' },
      });
      const wide = await admin.call(`${deployments(given())}/scaled/scale`, {
        method: 'PUT',
        // No version: a controller may have written a status meanwhile.
        body: { ...scale.body, metadata: { name: 'scaled', namespace }, spec: { replicas: 0 } },
      });
      expect(wide.code).toBe(200);
      const labelled = await patch(admin, `${deployments(given())}/scaled`, 'merge', {
        metadata: { labels: { a: 'b' } },
      });
      expect(at(labelled.body, 'metadata', 'generation')).toBe(1);
      const paused = await patch(admin, `${deployments(given())}/scaled`, 'merge', {
        spec: { paused: true },
      });
      expect(at(paused.body, 'metadata', 'generation')).toBe(2);
    });

    test('a new Pod is pending, with what the server adds by default', async () => {
      const made = await create(given().admin, pods(given()), pod('fresh'));
      expect(made).toMatchObject({
        spec: {
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          containers: [{ name: 'main', imagePullPolicy: 'IfNotPresent', resources: {} }],
        },
        status: { phase: 'Pending', qosClass: 'BestEffort' },
      });
    });

    test('a Deployment gets its defaults', async () => {
      const made = await create(given().admin, deployments(given()), {
        ...deployment('defaulted'),
        spec: { ...(deployment('defaulted').spec as object), replicas: 0 },
      });
      expect(made.spec).toMatchObject({
        replicas: 0,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: { spec: { restartPolicy: 'Always', schedulerName: 'default-scheduler' } },
      });
    });

    test('built-in kinds are checked too, with a cause for each problem', async () => {
      const { admin } = given();
      const empty = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'empty' }, spec: {} };
      expect(refusal(await post(admin, pods(given()), empty))).toEqual({
        code: 422,
        reason: 'Invalid',
        message: 'Pod "empty" is invalid: spec.containers: Required value',
        details: {
          name: 'empty',
          kind: 'Pod',
          causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' }],
        },
      });
      const body = deployment('mismatched');
      const spec = { ...(body.spec as JsonObject), selector: { matchLabels: { app: 'other' } } };
      const mismatched = await post(admin, deployments(given()), { ...body, spec });
      expect(refusal(mismatched)).toMatchObject({
        code: 422,
        message:
          'Deployment.apps "mismatched" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"mismatched"}: `selector` does not match template `labels`',
      });
      const typed = await post(admin, deployments(given()), {
        ...body,
        spec: { ...(body.spec as JsonObject), replicas: 'two' },
      });
      expect(refusal(typed)).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      });
    });

    test('a Pod that was never there or never started has no logs', async () => {
      const { admin } = given();
      expect(refusal(await admin.call(`${pods(given())}/nope/log`))).toMatchObject({
        code: 404,
        message: 'pods "nope" not found',
      });
    });
  });
}
