import type { Instant } from '../kernel/event.js';

/** Something that holds from a moment on: `at` is when it happened in the business, not when it was recorded. */
export interface Dated {
  readonly at: Instant;
}

/** What a change says of a record; what it leaves out stays as it was. */
export type Change<T> = Partial<T> & Dated;

/** Sorts before every instant: what happened at no known time comes first. */
export const BEFORE_ALL: Instant = '';

/** The history with one entry more, in its place by when it happened; of two of one moment the one recorded later comes later. */
export function placed<T extends Dated>(history: readonly T[], entry: T): readonly T[] {
  const place = history.findLastIndex(({ at }) => at <= entry.at) + 1;
  return [...history.slice(0, place), entry, ...history.slice(place)];
}

function merged<T extends object>(initial: T, changes: readonly Change<T>[]): T {
  // What is left of a change without its date is a part of the record.
  return changes.reduce<T>((standing, { at: _, ...said }) => ({ ...standing, ...(said as unknown as Partial<T>) }), initial);
}

/** How many entries of a history count at a moment: the first always does, since nothing is known of before it. */
const countAt = (history: readonly Dated[], at: Instant): number => Math.max(history.findLastIndex((entry) => entry.at <= at), 0) + 1;

/** The entry in force at a moment; before the first, the first. undefined only where there is none. */
export const inForce = <T extends Dated>(history: readonly T[], at: Instant): T | undefined => history[countAt(history, at) - 1];

/** The record as it stood at a moment: `initial` with the changes up to then, each over those before it. */
export const standingAt = <T extends object>(initial: T, history: readonly Change<T>[], at: Instant): T =>
  merged(initial, history.slice(0, countAt(history, at)));

/** The record as it stands after all changes. */
export const standingNow = <T extends object>(initial: T, history: readonly Change<T>[]): T => merged(initial, history);

/**
 * The defaults with the first that was ever said of each field over them: what holds before anything is said of a field.
 * For settings that are laid down one by one while a company sets itself up, often after the work that it enters then.
 */
export const sinceEver = <T extends object>(defaults: T, history: readonly Change<T>[]): T => merged(defaults, history.toReversed());


/** A record whose fields are as they stand after all changes, with those changes in the order in which they came into force. */
export interface Revisable {
  readonly changes: readonly Dated[];
}

/** What a record is made of at first, as something that can be revised. */
export const begun = <T extends object>(at: Instant, said: T): T & { readonly changes: readonly Change<T>[] } => ({ ...said, changes: [{ at, ...said }] });

/**
 * The record with a change in its place; only where none of a later moment says otherwise is it seen in the fields.
 * Deciders refuse what is said to have happened before the record began; where such is stored, it takes effect with the beginning.
 */
export function revised<R extends Revisable>(record: R, at: Instant, said: Partial<Omit<R, 'changes'>>): R {
  const begunAt = record.changes[0]?.at ?? at;
  const changes = placed<Dated>(record.changes, { at: at < begunAt ? begunAt : at, ...said });
  return { ...merged<object>(record, changes), changes } as R; // fields of the record over those of the record
}

/** The record with its fields as they were when something happened. */
export function asItWas<R extends Revisable>(record: R, at: Instant): R {
  const { changes } = record;
  if (changes.length === 0 || changes.at(-1)!.at <= at) return record;
  const revisable = new Set(changes.flatMap(({ at: _, ...said }) => Object.keys(said)));
  const lasting = Object.fromEntries(Object.entries(record).filter(([field]) => !revisable.has(field)));
  return standingAt<object>(lasting, changes, at) as R; // what never changes, and of the rest what was said by then
}
