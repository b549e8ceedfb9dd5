import { type AllStreamSubscription, jsonEvent, type ResolvedEvent, type StreamSubscription } from '@eventstore/db-client';

/** Events of one type that count up from `first`. */
export function numbered(count: number, { type = 'ItemCounted', first = 0 } = {}) {
  return Array.from({ length: count }, (_, index) => jsonEvent({ type, data: { number: first + index } }));
}

/** Everything that a read returns. */
export async function collect<Item>(reading: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of reading) items.push(item);
  return items;
}

/** The revisions of what was read. */
export function revisions(events: readonly ResolvedEvent[]): (bigint | undefined)[] {
  return events.map(({ event, link }) => (link ?? event)?.revision);
}

/** The numbers of {@link numbered} events. */
export function numbers(events: readonly ResolvedEvent[]): unknown[] {
  return events.map(({ event }) => {
    const data: unknown = event?.data;
    return typeof data === 'object' && data !== null && 'number' in data ? data.number : undefined;
  });
}

/** What arrives until `count` events did. The subscription ends then. */
export async function take(subscription: AllStreamSubscription | StreamSubscription, count: number): Promise<ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  await new Promise<void>((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('data', (event: ResolvedEvent) => {
      events.push(event);
      if (events.length === count) resolve();
    });
    subscription.resume();
  });
  await subscription.unsubscribe();
  return events;
}

/** Settles at the next `caughtUp`, `confirmation` or other sign of a subscription. */
export function sign(subscription: AllStreamSubscription | StreamSubscription, name: 'caughtUp' | 'confirmation'): Promise<void> {
  return new Promise((resolve, reject) => {
    subscription.on('error', reject);
    subscription.once(name, () => resolve());
    // A subscription shows signs only while somebody takes its events.
    subscription.resume();
  });
}
