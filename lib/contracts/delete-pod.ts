import { z } from './zod';

/** Body of POST /api/actions/delete-pod. The uid, not the name: a recreated pod of the same name is another pod. */
export interface DeletePodRequest {
  namespace: string;
  uid: string;
}

export const deletePodSchema: z.ZodType<DeletePodRequest> = z.strictObject({
  namespace: z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be a namespace name'),
  uid: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be an object uid'),
});
