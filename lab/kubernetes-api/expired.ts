/** Versions of the past that are gone, and of the future. */
import { type ApiError, failure } from './status.ts';

export const expiredList = (): ApiError =>
  failure(410, 'Expired', 'The resourceVersion for the provided list is too old.');

/** A `continue` token whose snapshot is gone; the new token goes on without a consistent snapshot. */
export function expiredContinue(inconsistentContinue: string): ApiError {
  const error = failure(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata.continue = inconsistentContinue;
  return error;
}

export const tooOldForWatch = (requested: number, oldest: number): ApiError =>
  failure(410, 'Expired', `too old resource version: ${requested} (${oldest})`);

export const tooLargeResourceVersion = (requested: number, current: number): ApiError =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${requested}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
