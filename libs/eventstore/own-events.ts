import type { RecordedEvent } from '@eventstore/db-client';
import { categoryOf, type AnyContext } from '../kernel/context.js';
import { COMMAND_KEY_CATEGORY } from './engine-events.js';

/** Categories of streams that the engine keeps for itself. They are its own; readers of the log are not given them. */
export const ENGINE_CATEGORIES: ReadonlySet<string> = new Set([COMMAND_KEY_CATEGORY]);

/** Fields of the metadata that the engine has written with every event since its first version. */
const MARKS = ['commandId', 'commandHash', 'schemaVersion'] as const;

const isMarked = (metadata: unknown): boolean =>
  typeof metadata === 'object' && metadata !== null && MARKS.every((name) => Object.hasOwn(metadata, name));

type Located = Pick<RecordedEvent, 'streamId' | 'type' | 'metadata'>;

/**
 * Says which events of an event store that other applications share are the engine's own: those in a stream of one of
 * its categories that carry its metadata. Everything else is passed over, whatever its type is called. An event of a
 * later version of the engine is its own too, although this version may not be able to decode it.
 */
export class OwnEvents {
  readonly #followed: ReadonlySet<string>;
  /** What the names of the streams begin with that readers of the log follow. */
  readonly prefixes: readonly string[];

  constructor(contexts: readonly Pick<AnyContext, 'category'>[]) {
    this.#followed = new Set(contexts.map(({ category }) => category));
    this.prefixes = [...this.#followed].map((category) => `${category}-`);
  }

  /** Whether the engine wrote this event. */
  includes(event: Located): boolean {
    return this.#isIn(event, this.#followed) || this.#isIn(event, ENGINE_CATEGORIES);
  }

  /**
   * Whether readers of the log are to know it: the engine wrote it, about the business or beside it, into a
   * stream of a context.
   */
  follows(event: Located): boolean {
    return this.#isIn(event, this.#followed);
  }

  #isIn({ streamId, type, metadata }: Located, categories: ReadonlySet<string>): boolean {
    const category = categoryOf(streamId);
    return category !== undefined && categories.has(category) && !type.startsWith('$') && isMarked(metadata);
  }
}
