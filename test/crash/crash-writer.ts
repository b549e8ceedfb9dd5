import { randomUUID } from 'node:crypto';

import { type EventStoreDBClient, jsonEvent, NO_STREAM, StreamNotFoundError } from '@eventstore/db-client';

type Batch = { number: number; expectedRevision: bigint | typeof NO_STREAM; events: ReturnType<typeof jsonEvent>[] };
type Stored = { batch: number; index: number; size: number };

/** Larger ones are cut into several chunks by the writers. */
const BATCH_EVENTS_MAX = 6;
const CHUNK_BYTES = 400;

/** Appends batch after batch to a stream of its own and remembers which were acknowledged. */
export class CrashWriter {
  readonly stream = `crash${randomUUID().replaceAll('-', '')}-1`;
  acknowledgedBatches = 0;
  acknowledgedEvents = 0;
  /** Sent and not answered: the server may have it or not, and must take it again without writing it twice. */
  private inDoubt: Batch | undefined;
  private nextRevision = 0n;
  private verified = { batches: 0, events: 0 };

  constructor(private readonly random: () => number, private readonly onAcknowledged: () => void) {}

  /** Writes until an append fails, as it does when the server is killed. */
  async writeUntilFailure(client: EventStoreDBClient): Promise<void> {
    for (;;) {
      this.inDoubt ??= this.newBatch();
      const { events, expectedRevision } = this.inDoubt;
      try {
        const answer = await client.appendToStream(this.stream, events, { expectedRevision, batchAppendSize: CHUNK_BYTES });
        this.nextRevision += BigInt(events.length);
        if (answer.nextExpectedRevision !== this.nextRevision - 1n) throw new Error(`Revision ${answer.nextExpectedRevision} instead of ${this.nextRevision - 1n}.`);
      } catch (error) {
        if (isServerGone(error)) return;
        throw error;
      }
      this.inDoubt = undefined;
      this.acknowledgedBatches++;
      this.acknowledgedEvents += events.length;
      this.onAcknowledged();
    }
  }

  /** What is wrong with the stream, in sentences: nothing if every acknowledged batch is there once, whole and in order. */
  async faults(client: EventStoreDBClient, from: 'start' | 'last verified'): Promise<string[]> {
    if (from === 'start') this.verified = { batches: 0, events: 0 };
    const stored = await this.readStored(client, this.verified.events);
    let { batches, events } = this.verified;
    for (let at = 0; at < stored.length; batches++) {
      const size = stored[at]?.size ?? 0;
      const found = stored.slice(at, at + size);
      const isWhole = found.length === size && found.every((event, index) => event.batch === batches && event.index === index && event.size === size);
      if (!isWhole) return [`${this.stream}: batch ${batches} at revision ${events} is not whole or not the next: ${JSON.stringify(found).slice(0, 500)}`];
      at += size;
      events += size;
    }
    this.verified = { batches, events };
    const asked = this.acknowledgedEvents + (this.inDoubt?.events.length ?? 0);
    if (events < this.acknowledgedEvents) return [`${this.stream}: ${this.acknowledgedEvents} events were acknowledged, ${events} are there`];
    return events > asked ? [`${this.stream}: ${asked} events were ever sent, ${events} are there`] : [];
  }

  private async readStored(client: EventStoreDBClient, from: number): Promise<Stored[]> {
    const stored: Stored[] = [];
    try {
      for await (const { event } of client.readStream(this.stream, { fromRevision: BigInt(from) })) {
        // Only this writer knows the stream's name.
        stored.push(event?.data as Stored);
      }
    } catch (error) {
      // Nothing of it may have arrived yet; what was acknowledged is counted by the caller.
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return stored;
  }

  private newBatch(): Batch {
    const size = 1 + Math.floor(this.random() * BATCH_EVENTS_MAX);
    const number = this.acknowledgedBatches;
    const events = Array.from({ length: size }, (_, index) =>
      jsonEvent({ type: 'Written', data: { batch: number, index, size, filling: 'x'.repeat(Math.floor(this.random() * 600)) } }),
    );
    return { number, expectedRevision: this.nextRevision === 0n ? NO_STREAM : this.nextRevision - 1n, events };
  }
}

function isServerGone(error: unknown): boolean {
  return error instanceof Error && 'type' in error && (error.type === 'unavailable' || error.type === 'cancelled');
}
