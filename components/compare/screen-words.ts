import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { ARMS } from '@/lib/domain/vocabulary';

/** Pods as Deployments and InferenceServices name them: service, hash of the template, tail. */
const POD_NAME = /\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[a-z0-9]{8,10}-([a-z0-9]{5})\b/g;

/**
 * A sentence of the server as it is read from the back row: arms by the names of this screen, pods by the end of their names,
 * which tells them apart. The whole names are one press away.
 */
export function toScreenWords(text: string): string {
  const named = ARMS.reduce(
    (sentence, arm) =>
      sentence.replace(new RegExp(`(^|[;:] )${arm}(?=[: ])`, 'g'), `$1${ARM_LOOKS[arm].short}`),
    text,
  );
  return named.replace(POD_NAME, '…$1');
}
