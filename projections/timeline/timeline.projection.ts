import type { DomainEvent, Instant, LocalDate, Recorded } from '../../libs/kernel/event.js';
import { projection } from '../../libs/kernel/projection.js';
import { companySentences, type CompanyEvent } from './company-sentences.js';
import { entityOf, othersOf, type Mention } from './mentions.js';
import { sellingSentences, type SellingEvent } from './selling-sentences.js';
import { dayTables, linkTables, timelineTables, type LinkTable, type TimelineTable } from './timeline.tables.js';
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
  readonly recordedAt: Instant;
  readonly actorId: string;
  readonly actorRole: string;
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
  version: 3,
  tables: timelineTables,
  revises: ['entry', 'mention'],
  events: eventTypes,
  keyPerEvent: true,
  key: ({ position }) => String(position),
  evolve: (_, event) => ({
    eventId: event.id, type: event.type, stream: event.stream, position: event.position, occurredAt: event.occurredAt, recordedAt: event.recordedAt, actorId: event.actor.id, actorRole: event.actor.role,
    text: sentenceOf(event), entity: entityOf(event.stream), others: othersOf(event),
  }),
  rows: (entry) => ({
    entry: [{
      position: entry.position, event_id: entry.eventId, type: entry.type, stream: entry.stream, entity_kind: entry.entity.kind, entity_id: entry.entity.id,
      occurred_at: entry.occurredAt, recorded_at: entry.recordedAt, actor_id: entry.actorId, actor_role: entry.actorRole, text: entry.text,
    }],
    mention: entry.others.map(({ kind, id }) => ({ kind, id, occurred_at: entry.occurredAt, position: entry.position, type: entry.type })),
  }),
});

/** What an entity belongs to, and who owned it when. */
interface Links {
  readonly subjects: readonly Mention[];
  /** By date of effect. */
  readonly owners: readonly { readonly id: string; readonly at: Instant }[];
}

const OPENED: ReadonlySet<string> = new Set(['LeadCaptured', 'DealOpened', 'MeetingScheduled', 'FollowUpScheduled', 'TaskAllocated', 'ContractDrafted', 'CaseOpened', 'SurveySent', 'ClientOnboarded']);
const HANDED_OVER: ReadonlySet<string> = new Set(['LeadAssigned', 'DealReassigned', 'TaskReassigned', 'ClientReassigned', 'CaseEscalated']);
const SUBJECT_KINDS: ReadonlySet<string> = new Set(['lead', 'deal', 'client', 'case', 'contract']);

/** What a client came from does not own what happens to the client later: a client belongs to nothing. */
const subjectsOf = (event: Recorded<DomainEvent>): readonly Mention[] => (event.type === 'ClientOnboarded' ? [] : othersOf(event).filter(({ kind }) => SUBJECT_KINDS.has(kind)));

function evolveLinks(links: Links | undefined, event: Recorded<DomainEvent>): Links | undefined {
  const owner = 'ownerId' in event.data && typeof event.data.ownerId === 'string' ? [{ id: event.data.ownerId, at: event.occurredAt }] : [];
  if (OPENED.has(event.type)) return links ?? { subjects: subjectsOf(event), owners: owner };
  if (!links) return undefined;
  const place = links.owners.findLastIndex(({ at }) => at <= event.occurredAt) + 1;
  return { ...links, owners: [...links.owners.slice(0, place), ...owner, ...links.owners.slice(place)] };
}

/** What each lead, deal, follow-up … belongs to and who owned it when, so that later events that do not say so are found. */
export const timelineLinks = projection<Links, DomainEvent, LinkTable>({
  name: 'timeline_links',
  version: 1,
  tables: linkTables,
  events: [...OPENED, ...HANDED_OVER],
  key: (event) => event.stream,
  evolve: evolveLinks,
  rows: ({ subjects, owners }, stream) => {
    const entity = entityOf(stream);
    const common = { entity_kind: entity.kind, entity_id: entity.id };
    return {
      subject: subjects.map(({ kind, id }) => ({ ...common, subject_kind: kind, subject_id: id })),
      owner: owners.map(({ id, at }, index) => ({ ...common, stay: index + 1, member_id: id, valid_from: index === 0 ? null : at, valid_to: owners[index + 1]?.at ?? null })),
    };
  },
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
