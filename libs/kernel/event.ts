/** An instant in UTC, ISO 8601 with milliseconds and `Z`: `2026-03-01T12:00:00.000Z`. Strings of this shape sort by time. */
export type Instant = string;

/** A calendar day, `2026-03-01`. Which day an instant falls on depends on a zone: see kpis on `tz`. */
export type LocalDate = string;

/** An amount in minor units (cents) and its ISO 4217 currency. Never a float. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** What happened, in business words. `type` and the shape of `data` are a storage format: stored for ever, never changed. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** Who acts. `system` is the engine itself: timers, rules, set-up. */
export const ROLES = ['coordinator', 'executive', 'manager', 'analyst', 'admin', 'system'] as const;
export type Role = (typeof ROLES)[number];

export interface Actor {
  readonly id: string;
  readonly role: Role;
}

/** What the log knows of every event besides its data. */
export interface Envelope {
  readonly id: string;
  readonly stream: string;
  /** Place in its stream, from 0. */
  readonly revision: number;
  /** Place in the log. A safe integer; grows, with gaps. */
  readonly position: number;
  /** When it happened in the business. */
  readonly occurredAt: Instant;
  /** When the log learned it: the event store's own timestamp. */
  readonly recordedAt: Instant;
  readonly actor: Actor;
  readonly commandId: string;
  /** Fingerprint of the command that caused it, so that a command id used twice for different things is noticed. */
  readonly commandHash: string;
  readonly correlationId: string;
  readonly causationId: string;
}

/** An event as read from the log; narrows on `type` like the event itself. */
export type Recorded<E extends DomainEvent = DomainEvent> = E & Envelope;

/** Lifts the data of version n to version n + 1. Pure, and total over everything ever stored in version n. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** What stands where somebody was forgotten, and something has to stand. */
export const FORGOTTEN = '(forgotten)';

export interface EventSpec {
  /** The version written today, from 1. */
  readonly version: number;
  /** Dotted paths in `data` that hold personal data (names, addresses, numbers): sealed in the log with the key of the person. */
  readonly personal: readonly string[];
  /** The field of `data` that names the person those paths are about, where there are any. */
  readonly personalSubject?: string;
  /** Those of the paths that no event can be without: once forgotten they read FORGOTTEN, the others are left out. */
  readonly personalAlways?: readonly string[];
  /** The field of `data` that names the person whose key is destroyed once the event is in the log. */
  readonly forgets?: string;
  /** By the version they start from: `{ 1: lifts v1 to v2 }`. Complete from 1 to `version - 1`. */
  readonly upcasters?: Readonly<Record<number, Upcaster>>;
}

/** Everything the engine must know of a context's event types at run time. Exhaustive by its type. */
export type EventCatalog<E extends DomainEvent = DomainEvent> = { readonly [T in E['type']]: EventSpec };
