import { randomUUID } from 'node:crypto';

import { type EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';

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
  async faults(client: EventStoreDBClient): Promise<string[]> {
    const stored = await this.readStored(client);
    const faults: string[] = [];
    let at = 0;
    for (let batch = 0; at < stored.length; batch++) {
      const size = stored[at]?.size ?? 0;
      const found = stored.slice(at, at + size);
      const isWhole = found.length === size && found.every((event, index) => event.batch === batch && event.index === index && event.size === size);
      if (!isWhole) return [...faults, `${this.stream}: batch ${batch} at revision ${at} is not whole or not the next: ${JSON.stringify(found)}`];
      at += size;
      if (at >= stored.length && batch + 1 < this.acknowledgedBatches) faults.push(`${this.stream}: ${this.acknowledgedBatches} batches were acknowledged, ${batch + 1} are there`);
    }
    if (stored.length < this.acknowledgedEvents) faults.push(`${this.stream}: ${this.acknowledgedEvents} events were acknowledged, ${stored.length} are there`);
    const unasked = stored.length - this.acknowledgedEvents - (this.inDoubt?.events.length ?? 0);
    if (unasked > 0) faults.push(`${this.stream}: ${unasked} events more than were ever sent`);
    return faults;
  }

  private async readStored(client: EventStoreDBClient): Promise<Stored[]> {
    if (this.acknowledgedBatches === 0 && this.inDoubt === undefined) return [];
    const stored: Stored[] = [];
    try {
      for await (const { event } of client.readStream(this.stream)) {
        // Only this writer knows the stream's name.
        stored.push(event?.data as Stored);
      }
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('not found'))) throw error;
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
