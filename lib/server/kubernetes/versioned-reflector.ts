import 'server-only';
import type { ResourceView } from '@/lib/domain/cluster';
import type { Reflector } from './reflector';

/**
 * Follows a kind in whichever of its versions the cluster serves: the first one, and while that is not
 * installed, the others. A service that comes back in its first version is followed there again.
 */
export function createVersionedReflector<T>(options: {
  /** In order of preference. */
  versions: readonly [string, ...string[]];
  create(version: string, onChange: () => void): Reflector<T>;
  onChange: () => void;
}): Reflector<T> {
  const { versions, create, onChange } = options;
  const [preferred, ...others] = versions;
  const main = create(preferred, notify);
  let substitutes: readonly Reflector<T>[] = [];
  let stopping: Promise<unknown> = Promise.resolve();
  let isStopped = false;

  function notify(): void {
    const isMissing = main.view().state === 'not-installed';
    if (isMissing && substitutes.length === 0 && !isStopped) {
      substitutes = others.map((version) => create(version, onChange));
      for (const substitute of substitutes) substitute.start();
    } else if (!isMissing && main.view().state !== 'syncing' && substitutes.length > 0) {
      dismiss();
    }
    onChange();
  }

  function dismiss(): void {
    const dismissed = substitutes;
    substitutes = [];
    stopping = Promise.all([stopping, ...dismissed.map((substitute) => substitute.stop())]);
  }

  function current(): Reflector<T> {
    if (main.view().state !== 'not-installed') return main;
    const stateOf = (reflector: Reflector<T>): ResourceView<T>['state'] => reflector.view().state;
    return (
      substitutes.find((one) => stateOf(one) !== 'not-installed' && stateOf(one) !== 'syncing') ??
      // Until the others have answered, nothing is known to be missing.
      substitutes.find((one) => stateOf(one) === 'syncing') ??
      main
    );
  }

  return {
    view: () => current().view(),
    counters: () => current().counters(),
    start: () => main.start(),
    async stop() {
      isStopped = true;
      dismiss();
      await Promise.all([main.stop(), stopping]);
    },
  };
}
