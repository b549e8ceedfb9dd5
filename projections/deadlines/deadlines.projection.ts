import { deadlineSources } from '../../libs/domain/deadlines.js';
import type { Deadline } from '../../libs/kernel/deadline.js';
import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { projection, type Row } from '../../libs/kernel/projection.js';

/** An aggregate's pending deadlines, by kind and part. */
interface Pending {
  readonly [kindAndPart: string]: Deadline;
}

const SEPARATOR = '/';
const sourcesOf = (event: Recorded) => deadlineSources.filter(({ category, events }) => event.stream.startsWith(`${category}-`) && events.includes(event.type));
const aggregateId = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

/** What is due and not yet done: the clock rings by these rows, and finds them again after any crash. */
export const deadlines = projection<Pending, DomainEvent, 'deadline'>({
  name: 'deadlines',
  version: 1,
  tables: {
    deadline: {
      comment: 'Pending deadlines: one row until it is kept, cancelled or marked as missed.',
      key: ['stream', 'kind', 'part'],
      columns: {
        stream: { type: 'text', comment: 'Stream of the aggregate that has the deadline' },
        kind: { type: 'text', comment: 'Which deadline: follow_up_missed …' },
        part: { type: 'text', comment: 'Part of the aggregate (a promise of a case); empty: the aggregate itself' },
        aggregate_id: { type: 'text', comment: 'Identifier of the aggregate' },
        due_at: { type: 'timestamptz', comment: 'What was promised' },
        ring_at: { type: 'timestamptz', comment: 'When the clock looks: due_at and its grace' },
      },
      indexes: [{ columns: ['ring_at'], closed: false }],
      closedByKey: false,
    },
  },
  events: [...new Set(deadlineSources.flatMap(({ events }) => events as readonly string[]))], // AnyDeadlineSource forgets that event types are strings
  key: (event) => event.stream,
  evolve(state, event) {
    let pending: Record<string, Deadline> | undefined = state && { ...state };
    for (const source of sourcesOf(event)) {
      const slot = `${source.kind}${SEPARATOR}${source.part?.(event) ?? ''}`;
      const deadline = source.after(event);
      if (deadline === undefined) continue;
      pending ??= {};
      if (deadline === null) delete pending[slot];
      else pending[slot] = deadline;
    }
    return pending;
  },
  rows: (state, stream) => ({
    deadline: Object.entries(state).map(([slot, { dueAt, ringAt }]): Row => {
      const at = slot.indexOf(SEPARATOR);
      return { stream, kind: slot.slice(0, at), part: slot.slice(at + 1), aggregate_id: aggregateId(stream), due_at: dueAt, ring_at: ringAt };
    }),
  }),
});
