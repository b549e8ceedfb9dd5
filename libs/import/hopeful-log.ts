import type { EncodedEvent } from '../eventstore/codec.js';
import type { CommandRegistry } from '../dispatch/registry.js';
import { EventLog, StreamMoved, type Appended } from '../eventstore/event-log.js';
import type { Intent, Outcome } from '../eventstore/intent.js';
import { aggregateIdOf, transact, type Ledger } from '../eventstore/transact.js';
import { streamOf } from '../kernel/context.js';
import type { Recorded } from '../kernel/event.js';

/**
 * The log for rows that are mostly about records which do not exist yet: once a read has found nothing, the next streams are
 * taken to be new without asking, which spares a third of what a row costs. It is never believed, only tried: the append demands
 * that there be no such stream, and a stream that is there is read after all.
 */
class HopefulLog extends EventLog {
  /** Streams of which the next read must be a real one. */
  readonly #doubted = new Set<string>();
  /** Streams that were said to be empty without being read. */
  readonly #unread = new Set<string>();
  #hopeful = false;
  #highestPosition: number;

  /** @param highestPosition the log's head when the import begins */
  constructor(readonly real: EventLog, highestPosition: number) {
    super(real.client, real.codec, real.locks);
    this.#highestPosition = highestPosition;
  }

  /** Whether the last answer about a stream was a hope; the next one is a reading then. */
  doubt(stream: string): boolean {
    const hoped = this.#unread.delete(stream);
    if (hoped) this.#doubted.add(stream);
    return hoped;
  }

  override async read(stream: string): Promise<Recorded[]> {
    const doubted = this.#doubted.delete(stream);
    if (this.#hopeful && !doubted) {
      this.#unread.add(stream);
      return [];
    }
    this.#unread.delete(stream);
    const events = await this.real.read(stream);
    if (!doubted) this.#hopeful = events.length === 0;
    return events;
  }

  override async append(stream: string, afterRevision: number, events: EncodedEvent[]): Promise<Appended> {
    const before = this.#highestPosition;
    this.#unread.delete(stream);
    try {
      const appended = await this.real.append(stream, afterRevision, events);
      // The event store takes events that it has already for a repetition and answers with their old place: then the stream is not new.
      if (appended.position <= before) throw new StreamMoved(`${stream} was written at ${appended.position}`);
      this.#highestPosition = Math.max(this.#highestPosition, appended.position);
      return appended;
    } catch (error) {
      if (error instanceof StreamMoved) {
        this.#hopeful = false;
        this.#doubted.add(stream);
      }
      throw error;
    }
  }
}

/** Carries out the commands of an import on the engine's own ledger. */
export class HopefulLedger {
  private constructor(readonly registry: CommandRegistry, readonly ledger: Ledger, readonly log: HopefulLog) {}

  static async on(ledger: Ledger, registry: CommandRegistry): Promise<HopefulLedger> {
    const log = new HopefulLog(ledger.log, await ledger.log.head());
    return new HopefulLedger(registry, { ...ledger, log }, log);
  }

  /** All or none. What was decided on a hope alone (a refusal, or nothing to do) is decided again after a reading. */
  readonly execute = async (intents: readonly Intent[]): Promise<Outcome> => {
    const first = intents[0] && this.registry.find(intents[0].command.type);
    if (!first) throw new TypeError('a batch needs commands that the engine knows');
    const outcome = await transact(this.ledger, first.context, intents);
    const stream = streamOf(first.context.category, aggregateIdOf(first.context, intents[0]!.command));
    return this.log.doubt(stream) ? transact(this.ledger, first.context, intents) : outcome;
  };
}
