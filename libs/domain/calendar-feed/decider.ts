import { accept, refuse, type Decider } from '../../kernel/decider.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { defined } from '../defined.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { CalendarFeedCommand } from './commands.js';
import type { CalendarFeedEvent } from './events.js';

/** The hash of its secret is kept after it was revoked: an old link is told from one that never was. */
export type CalendarFeed =
  | { readonly status: 'absent' }
  | { readonly status: 'open' | 'revoked'; readonly memberId: string; readonly tokenHash: string };

/** Read only when a feed is opened. */
export interface CalendarFeedFacts {
  readonly member: MemberStanding;
}

export type CalendarFeedRefusal = 'calendar_feed_not_found' | 'calendar_feed_already_exists' | 'owner_unknown' | 'owner_offboarded';

export const calendarFeedRefusals: RefusalCatalog<CalendarFeedRefusal> = {
  calendar_feed_not_found: { kind: 'not_found', title: 'No calendar feed has this id.' },
  calendar_feed_already_exists: { kind: 'conflict', title: 'A calendar feed with this id was already opened; a new link gets a new id.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given has left.' },
};

/** A secret link to a member's meetings: opened once, and revoked for good. */
export const calendarFeed: Decider<CalendarFeedCommand, CalendarFeed, CalendarFeedEvent, CalendarFeedRefusal, CalendarFeedFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    switch (event.type) {
      case 'CalendarFeedOpened': return { status: 'open', memberId: event.data.memberId, tokenHash: event.data.tokenHash };
      case 'CalendarFeedRevoked': return state.status === 'absent' ? state : { ...state, status: 'revoked' };
    }
  },

  decide(state, command, { occurredAt, facts }) {
    switch (command.type) {
      case 'OpenCalendarFeed': {
        const { feedId, memberId, tokenHash } = command;
        if (state.status !== 'absent') return refuse('calendar_feed_already_exists');
        const problem = ownerProblem(facts.member, occurredAt);
        return problem ? refuse(problem, memberId) : accept({ type: 'CalendarFeedOpened', data: { feedId, memberId, tokenHash } });
      }
      case 'RevokeCalendarFeed': {
        if (state.status === 'absent') return refuse('calendar_feed_not_found');
        if (state.status === 'revoked') return accept();
        return accept({ type: 'CalendarFeedRevoked', data: defined({ feedId: command.feedId, memberId: state.memberId, reason: command.reason }) });
      }
    }
  },
};
