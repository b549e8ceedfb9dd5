import type { DomainEvent, Instant, LocalDate } from '../../libs/kernel/event.js';
import { projection } from '../../libs/kernel/projection.js';
import { companySentences, type CompanyEvent } from './company-sentences.js';
import { entityOf, othersOf, type Mention } from './mentions.js';
import { ownerNamedBy } from './owners.js';
import { sellingSentences, type SellingEvent } from './selling-sentences.js';
import { dayTables, timelineTables, type TimelineTable } from './timeline.tables.js';
import type { Sentences } from './wording.js';

const sentences: Sentences<SellingEvent | CompanyEvent> = { ...sellingSentences, ...companySentences };
const eventTypes = Object.keys(sentences);

/** One event, said in one sentence. */
interface Entry {
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly position: number;
  readonly occurredAt: Instant;
  readonly actorId: string;
  readonly actorRole: string;
  /** Who owns its entity from then on; null where it does not say so. */
  readonly ownerId: string | null;
  readonly text: string;
  readonly entity: Mention;
  readonly others: readonly Mention[];
}

function sentenceOf({ type, data }: DomainEvent): string {
  const say = (sentences as Readonly<Record<string, ((data: object) => string) | undefined>>)[type]; // each takes the data of the type it stands under
  if (!say) throw new TypeError(`no sentence for ${type}`);
  return say(data);
}

/** Everything that happened, one row an event. An event never changes: each is an entity of its own, so that folding the next one never touches the ones before. */
export const timeline = projection<Entry, DomainEvent, TimelineTable>({
  name: 'timeline',
  version: 5,
  tables: timelineTables,
  revises: ['entry', 'mention'],
  events: eventTypes,
  keyPerEvent: true,
  key: ({ position }) => String(position),
  evolve: (_, event) => ({
    eventId: event.id, type: event.type, stream: event.stream, position: event.position, occurredAt: event.occurredAt, actorId: event.actor.id, actorRole: event.actor.role,
    ownerId: ownerNamedBy(event), text: sentenceOf(event), entity: entityOf(event.stream), others: othersOf(event),
  }),
  rows: (entry) => ({
    entry: [{
      position: entry.position, event_id: entry.eventId, type: entry.type, stream: entry.stream, entity_kind: entry.entity.kind, entity_id: entry.entity.id,
      occurred_at: entry.occurredAt, actor_id: entry.actorId, actor_role: entry.actorRole, owner_id: entry.ownerId, text: entry.text,
    }],
    mention: entry.others.map(({ kind, id }) => ({ kind, id, occurred_at: entry.occurredAt, position: entry.position, type: entry.type })),
  }),
});

const DAY_CHARACTERS = 'yyyy-mm-dd'.length;

/**
 * Which days have something to show for themselves, and since when. As of the past it tells where to begin: without it, what happened
 * since would have to be passed over, entry by entry.
 */
export const timelineDays = projection<{ readonly day: LocalDate }, DomainEvent, 'day'>({
  name: 'timeline_days',
  version: 1,
  tables: dayTables,
  events: eventTypes,
  key: ({ occurredAt }) => occurredAt.slice(0, DAY_CHARACTERS),
  evolve: (known, { occurredAt }) => known ?? { day: occurredAt.slice(0, DAY_CHARACTERS) },
  rows: ({ day }) => ({ day: [{ day }] }),
});
