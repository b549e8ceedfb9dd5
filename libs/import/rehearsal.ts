import type { CommandRegistry } from '../dispatch/registry.js';
import { domainEventsOf } from '../eventstore/engine-events.js';
import { Codec, type EncodedEvent } from '../eventstore/codec.js';
import { EventLog, StreamMoved, type Appended } from '../eventstore/event-log.js';
import { FactsReader } from '../eventstore/stream-reader.js';
import type { Outcome, Intent } from '../eventstore/intent.js';
import { transact, type Ledger } from '../eventstore/transact.js';
import type { Recorded } from '../kernel/event.js';
import type { PreviewEvent } from './report.js';

/** Rows that a rehearsal looks at: what it would write is held in memory. */
export const REHEARSAL_ROWS_MAX = 100_000;

/** The log as it would be: reads go to the real one, what is appended is kept aside and read after it. */
class RehearsalLog extends EventLog {
  readonly #aside = new Map<string, Recorded[]>();
  #appended: Recorded[] = [];

  constructor(readonly real: EventLog, codec: Codec) {
    super(real.client, codec);
  }

  override async read(stream: string): Promise<Recorded[]> {
    const aside = this.#aside.get(stream);
    return aside?.[0]?.revision === 0 ? [...aside] : [...(await this.real.read(stream)), ...(aside ?? [])];
  }

  override async exists(stream: string): Promise<boolean> {
    return domainEventsOf(this.#aside.get(stream) ?? []).length > 0 || this.real.exists(stream);
  }

  override async revisionOf(stream: string): Promise<number> {
    return this.#aside.get(stream)?.at(-1)?.revision ?? this.real.revisionOf(stream);
  }

  override async append(stream: string, afterRevision: number, events: EncodedEvent[]): Promise<Appended> {
    const aside = this.#aside.get(stream) ?? [];
    const last = aside.at(-1);
    if (last && last.revision !== afterRevision) throw new StreamMoved(`${stream} is at ${last.revision}`);
    const recorded = events.map((event, index) => recordedOf(event, stream, afterRevision + 1 + index));
    this.#aside.set(stream, [...aside, ...recorded]);
    this.#appended.push(...domainEventsOf(recorded));
    return { revision: afterRevision + events.length, position: -1 };
  }

  taken(): Recorded[] {
    const appended = this.#appended;
    this.#appended = [];
    return appended;
  }
}

function recordedOf({ id, type, data, metadata }: EncodedEvent, stream: string, revision: number): Recorded {
  // The codec wrote these a moment ago in exactly this shape; the client's types forget it.
  const { $correlationId, $causationId, actor, occurredAt, commandId, commandHash } = metadata as { $correlationId: string; $causationId: string } & Pick<Recorded, 'actor' | 'occurredAt' | 'commandId' | 'commandHash'>;
  return { id: id ?? '', type, data: data as object, stream, revision, position: -1, occurredAt, recordedAt: occurredAt, actor, commandId, commandHash, correlationId: $correlationId, causationId: $causationId };
}

/** Decides commands as the engine would, over what is in the log and what this rehearsal has "written", and writes nothing. */
export class Rehearsal {
  readonly #log: RehearsalLog;
  readonly #ledger: Ledger;

  constructor(real: Ledger, readonly registry: CommandRegistry) {
    this.#log = new RehearsalLog(real.log, new Codec(registry.contexts));
    this.#ledger = { log: this.#log, facts: new FactsReader(this.#log), now: real.now };
  }

  readonly execute = async (intents: readonly Intent[]): Promise<Outcome> => {
    const first = intents[0] && this.registry.find(intents[0].command.type);
    if (!first) throw new TypeError('a batch needs commands that the engine knows');
    return transact(this.#ledger, first.context, intents);
  };

  /** The events "written" since this was last asked. */
  taken(): readonly PreviewEvent[] {
    return this.#log.taken().map(({ stream, type, occurredAt, data }) => ({ stream, type, occurredAt, data }));
  }
}
