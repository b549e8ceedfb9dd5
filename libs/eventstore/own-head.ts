import type { EventStoreDBClient } from '@eventstore/db-client';
import { toNumber } from './codec.js';
import { cancelled, readFiltered } from './filtered-read.js';
import { lastInLog } from './last-in-log.js';
import type { OwnEvents } from './own-events.js';

interface Known {
  /** Position of the last event of the log when it was asked, whoever wrote it. */
  readonly end: number;
  /** Position of the engine's own last event up to there; -1 without one. */
  readonly head: number;
}

/**
 * The position of the engine's own last event. Where it is the last of the log, one read of one event says so. Behind
 * what others write,
 * only what has been added since it was last asked is searched, on the server's side.
 */
class OwnHead {
  #known: Known | undefined;

  constructor(readonly client: EventStoreDBClient, readonly own: OwnEvents) {}

  /** -1 where the engine has written nothing. */
  async position(): Promise<number> {
    const last = await lastInLog(this.client);
    if (!last) return -1;
    const end = toNumber(last.position.commit);
    if (this.own.follows(last)) return this.#learn({ end, head: end });
    // A log that has become shorter is not the one that was searched.
    const known = this.#known && this.#known.end <= end ? this.#known : undefined;
    if (known?.end === end) return known.head;
    const head = known ? Math.max(known.head, await this.#lastAfter(known.end)) : await this.#lastOfAll();
    return this.#learn({ end: Math.max(end, head), head });
  }

  #learn(known: Known): number {
    this.#known = known;
    return known.head;
  }

  async #lastAfter(position: number): Promise<number> {
    let last = -1;
    const at = { commit: BigInt(position), prepare: BigInt(position) };
    const filter = { streams: this.own.prefixes };
    for await (const { event } of readFiltered(this.client, { direction: 'forwards', from: at, filter })) {
      if (event?.position && this.own.follows(event)) last = toNumber(event.position.commit);
    }
    return last;
  }

  async #lastOfAll(): Promise<number> {
    const backwards = readFiltered(this.client, { direction: 'backwards', filter: { streams: this.own.prefixes } });
    try {
      for await (const { event } of backwards) {
        if (event?.position && this.own.follows(event)) return toNumber(event.position.commit);
      }
      return -1;
    } finally {
      await cancelled(backwards);
    }
  }
}

interface Searched {
  readonly client: EventStoreDBClient;
  readonly codec: { readonly own: OwnEvents };
}

const heads = new WeakMap<Searched, OwnHead>();

/** Of each log the one, which remembers what it has searched. */
export function headOf(log: Searched): OwnHead {
  const known = heads.get(log) ?? new OwnHead(log.client, log.codec.own);
  heads.set(log, known);
  return known;
}
