import { jsonEvent, type EventData, type RecordedEvent } from '@eventstore/db-client';
import type { KeyRing } from '../personal-data/key-ring.js';
import type { AnyContext } from '../kernel/context.js';
import { ROLES, type Actor, type DomainEvent, type EventSpec, type Recorded, type Role } from '../kernel/event.js';

import { engineEvents } from './engine-events.js';
import { OwnEvents } from './own-events.js';
import { KeysUnavailable } from './unavailable.js';
import { sealed, sealedSubjectOf, subjectOf, unsealed } from './personal-fields.js';

/** What is written beside an event's data. The `$` names are the event store's own. */
export interface StoredMetadata {
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly actor: Actor;
  readonly occurredAt: string;
  readonly schemaVersion: number;
  readonly commandId: string;
  readonly commandHash: string;
}

/** An event on its way into the log, as the codec made it. */
export type EncodedEvent = EventData;

/** An event that the engine wrote and this program cannot read: unknown type or version, or damaged data or metadata. */
export class UndecodableEvent extends Error {
  constructor(readonly stream: string, readonly position: number, readonly eventType: string, reason: string) {
    super(`${eventType} in ${stream} at position ${position}: ${reason}`);
  }
}

/** A position or revision as a safe integer. Beyond 2^53 (9 PB of log) it would lose digits: refuse rather than round. */
export function toNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`log position ${value} is beyond what this program counts exactly`);
  return number;
}

const isRole = (value: unknown): value is Role => ROLES.some((role) => role === value);

function parseMetadata(metadata: unknown): StoredMetadata | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const { $correlationId, $causationId, actor, occurredAt, schemaVersion, commandId, commandHash } = metadata as Record<string, unknown>; // any non-null object may be read so
  if (typeof $correlationId !== 'string' || typeof $causationId !== 'string' || typeof occurredAt !== 'string' || Number.isNaN(Date.parse(occurredAt))) return undefined;
  if (typeof schemaVersion !== 'number' || typeof commandId !== 'string' || typeof commandHash !== 'string') return undefined;
  if (typeof actor !== 'object' || actor === null || !('id' in actor) || !('role' in actor)) return undefined;
  if (typeof actor.id !== 'string' || !isRole(actor.role)) return undefined;
  return { $correlationId, $causationId, actor: { id: actor.id, role: actor.role }, occurredAt, schemaVersion, commandId, commandHash };
}

/** Lifts stored data to the version that the program speaks. Throws a plain Error naming the gap. */
export function upcast(type: string, spec: EventSpec, storedVersion: number, data: Record<string, unknown>): Record<string, unknown> {
  if (!Number.isInteger(storedVersion) || storedVersion < 1 || storedVersion > spec.version) throw new Error(`version ${storedVersion} of ${type} is not known; this program speaks 1 to ${spec.version}`);
  let lifted = data;
  for (let version = storedVersion; version < spec.version; version += 1) {
    const up = spec.upcasters?.[version];
    if (!up) throw new Error(`nothing lifts ${type} from version ${version}`);
    lifted = up(lifted);
  }
  return lifted;
}

/** Keys that cannot be had are no fault of who asked: it may ask again. */
async function asked(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw new KeysUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const isObject = (data: unknown): data is Record<string, unknown> => typeof data === 'object' && data !== null && !Array.isArray(data);

/**
 * Reads and writes the stored form of every event in its catalogue. With keys, personal data is sealed on its way into the log;
 * without, it is written as it is, and what is sealed reads as forgotten.
 */
export class Codec {
  readonly #catalog: Readonly<Record<string, EventSpec>>;

  /** Which of the event store's events are the engine's own. */
  readonly own: OwnEvents;

  constructor(contexts: readonly Pick<AnyContext, 'category' | 'events'>[], readonly keys?: KeyRing) {
    const catalogs: readonly object[] = contexts.map(({ events }) => events as object);
    // Catalogues are such records; Object.assign forgets it.
    this.#catalog = Object.assign({}, engineEvents, ...catalogs) as Record<string, EventSpec>;
    this.own = new OwnEvents(contexts);
  }

  specOf(type: string): EventSpec | undefined {
    return Object.hasOwn(this.#catalog, type) ? this.#catalog[type] : undefined;
  }

  /** Gets the keys ready that these events are sealed with. Before {@link encode}. @throws KeysUnavailable */
  async prepare(events: readonly DomainEvent[]): Promise<void> {
    if (!this.keys) return;
    const subjects = events.flatMap(({ type, data }) => {
      const spec = this.specOf(type);
      return (spec && subjectOf(spec, data as Record<string, unknown>)) ?? []; // data of events are such records
    });
    if (subjects.length > 0) await asked(this.keys.prepare(subjects));
  }

  /** The person whose key has to be looked up before this event can be decoded; undefined for nearly all. */
  keyNeeded(stored: RecordedEvent): string | undefined {
    const spec = this.keys && stored.isJson ? this.specOf(stored.type) : undefined;
    const subject = spec && isObject(stored.data) ? sealedSubjectOf(spec, stored.data) : undefined;
    return subject === undefined || this.keys!.isAtHand(subject) ? undefined : subject;
  }

  /** Looks up the keys that these events need. Before {@link decode}. @throws KeysUnavailable */
  async load(stored: readonly RecordedEvent[]): Promise<void> {
    const subjects = stored.flatMap((event) => this.keyNeeded(event) ?? []);
    if (subjects.length > 0) await asked(this.keys!.load(subjects));
  }

  /** The types by which a person is forgotten. */
  get forgetting(): readonly string[] {
    return Object.keys(this.#catalog).filter((type) => this.#catalog[type]!.forgets !== undefined);
  }

  /** Destroys the keys of those whom these events, which are in the log, forget. @throws KeysUnavailable */
  async forget(events: readonly Pick<DomainEvent, 'type' | 'data'>[]): Promise<void> {
    if (!this.keys) return;
    const subjects = events.flatMap(({ type, data }) => {
      const field = this.specOf(type)?.forgets;
      const subject: unknown = field === undefined ? undefined : Reflect.get(data, field);
      return typeof subject === 'string' ? [subject] : [];
    });
    if (subjects.length > 0) await asked(this.keys.forget(subjects));
  }

  encode(event: DomainEvent, id: string, metadata: Omit<StoredMetadata, 'schemaVersion'>): EventData {
    const spec = this.specOf(event.type);
    if (!spec) throw new TypeError(`${event.type} is in no event catalogue`);
    const stored = { ...metadata, schemaVersion: spec.version };
    const data = event.data as Record<string, unknown>; // the client's JSON type has no notion of readonly or of undefined; JSON.stringify drops both
    return jsonEvent({ id, type: event.type, data: this.keys ? { ...sealed(this.keys, spec, data, id) } : data, metadata: { ...stored } });
  }

  /** @throws UndecodableEvent */
  decode(stored: RecordedEvent): Recorded {
    const position = toNumber(stored.position?.commit ?? 0n); // servers before 21.10 give a stream read no position
    const bad = (reason: string): UndecodableEvent => new UndecodableEvent(stored.streamId, position, stored.type, reason);
    const spec = this.specOf(stored.type);
    if (!spec) throw bad('this program knows no such event type');
    if (!stored.isJson) throw bad('its data is not JSON');
    const { data } = stored; // isJson says so
    if (!isObject(data)) throw bad('its data is not a JSON object');
    const metadata = parseMetadata(stored.metadata);
    if (!metadata) throw bad('its metadata lacks what the engine writes with each event');
    let lifted: Record<string, unknown>;
    try {
      lifted = upcast(stored.type, spec, metadata.schemaVersion, { ...unsealed(this.keys, spec, data, stored.id) });
    } catch (error) {
      throw bad(error instanceof Error ? error.message : String(error));
    }
    return {
      type: stored.type, data: lifted, id: stored.id, stream: stored.streamId, revision: toNumber(stored.revision), position,
      occurredAt: metadata.occurredAt, recordedAt: stored.created.toISOString(), actor: metadata.actor, commandId: metadata.commandId, commandHash: metadata.commandHash,
      correlationId: metadata.$correlationId, causationId: metadata.$causationId,
    };
  }
}
