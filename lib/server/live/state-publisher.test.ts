import { describe, expect, it } from 'vitest';
import type { Steps } from '@/lib/domain/steps';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import type { LiveState } from './hub';
import { createStatePublisher } from './state-publisher';

/** A state that is known by its name alone. */
const named = (name: string) => ({ name }) as unknown as LiveState;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A publisher whose judging takes parts, each of which may take time, or run something. */
function aPublisher(part: (index: number) => void = () => undefined, parts = 3) {
  const clock = createManualClock();
  const published: string[] = [];
  const faults: unknown[] = [];
  let current = named('0');
  let count = 0;
  function* judge(): Steps<LiveState> {
    count += 1;
    const name = String(count);
    for (let index = 0; index < parts; index += 1) {
      part(index);
      yield;
    }
    return named(name);
  }
  const publisher = createStatePublisher({
    hub: {
      current: () => current,
      *publish(next) {
        yield;
        current = next;
        published.push(`${(next as unknown as { name: string }).name} at ${clock.monotonic()}`);
      },
    },
    judge,
    clock,
    onFault: (error) => faults.push(error),
  });
  return { clock, published, faults, publisher, judged: () => count };
}

describe('the state publisher', () => {
  it('judges changes that come close together once, soon after a quiet time and then once per tick', async () => {
    const { clock, published, publisher } = aPublisher();
    publisher.schedule();
    publisher.schedule();
    clock.advance(15);
    await turn();
    publisher.schedule();
    clock.advance(149);
    await turn();
    clock.advance(1);
    await turn();
    expect(published).toEqual(['1 at 15', '2 at 165']);
  });

  it('judges again as time passes, without any change', async () => {
    const { clock, published } = aPublisher();
    clock.advance(2_015);
    await turn();
    clock.advance(2_000);
    await turn();
    expect(published).toEqual(['1 at 2015', '2 at 4015']);
  });

  it('lets others go first after each millisecond of judging', async () => {
    const order: string[] = [];
    const { clock, published, publisher } = aPublisher((index) => {
      order.push(`part ${index}`);
      if (index === 0) setImmediate(() => order.push('another'));
      clock.advance(index === 0 ? 1 : 0);
    });
    publisher.schedule();
    clock.advance(15);
    for (let turns = 0; published.length === 0 && turns < 10; turns += 1) await turn();
    expect(order).toEqual(['part 0', 'another', 'part 1', 'part 2']);
    expect(published).toHaveLength(1);
  });

  it('judges once more when something changes while it judges', async () => {
    const { clock, published, publisher } = aPublisher((index) => {
      if (index === 1) publisher.schedule();
    });
    publisher.schedule();
    clock.advance(15);
    await turn();
    clock.advance(150);
    await turn();
    expect(published.slice(0, 2)).toEqual(['1 at 15', '2 at 165']);
  });

  it('survives a fault of judging', async () => {
    let isFaulty = true;
    const { clock, published, faults, publisher } = aPublisher(() => {
      if (isFaulty) throw new Error('a fault of ours');
    });
    publisher.schedule();
    clock.advance(15);
    await turn();
    isFaulty = false;
    publisher.schedule();
    clock.advance(150);
    await turn();
    expect(faults).toMatchObject([{ message: 'a fault of ours' }]);
    expect(published).toEqual(['2 at 165']);
  });

  it('publishes nothing after its end and leaves no timer', async () => {
    const { clock, published, publisher } = aPublisher((index) => {
      if (index === 1) publisher.stop();
    });
    publisher.schedule();
    clock.advance(15);
    await turn();
    publisher.schedule();
    expect(clock.pending()).toEqual([]);
    expect(published).toEqual([]);
  });
});
