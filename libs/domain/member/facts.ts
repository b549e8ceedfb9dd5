import { streamOf, type StreamFold } from '../../kernel/context.js';
import type { Instant, Role } from '../../kernel/event.js';
import type { WorkCalendar } from '../work-calendar.js';
import type { MemberEvent } from './events.js';

/** What other contexts may know of a member. */
export type MemberStanding =
  | { readonly status: 'unknown' }
  | { readonly status: 'active'; readonly role: Role; readonly zone: string }
  | { readonly status: 'offboarded'; readonly role: Role; readonly zone: string; readonly lastDayEndsAt: Instant };

export const memberStream = (memberId: string): string => streamOf('member', memberId);

export const memberStanding: StreamFold<MemberStanding, MemberEvent> = {
  initial: { status: 'unknown' },
  evolve(state, event) {
    switch (event.type) {
      case 'MemberAdded': return { status: 'active', role: event.data.role, zone: event.data.zone };
      case 'RoleChanged': return state.status === 'unknown' ? state : { ...state, role: event.data.role };
      case 'MemberOffboarded': return state.status === 'active' ? { ...state, status: 'offboarded', lastDayEndsAt: event.data.leftAt } : state;
      case 'WorkCalendarSet': return state.status === 'unknown' ? state : { ...state, zone: event.data.zone };
      default: return state;
    }
  },
};

/** The hours a member works; undefined while none were set: the company's apply. */
export const memberCalendar: StreamFold<WorkCalendar | undefined, MemberEvent> = {
  initial: undefined,
  evolve: (state, event) => (event.type === 'WorkCalendarSet' ? event.data : state),
};

/** Why work that happened at `occurredAt` cannot be given to this member; undefined when it can. */
export function ownerProblem(standing: MemberStanding, occurredAt: Instant): 'owner_unknown' | 'owner_offboarded' | undefined {
  if (standing.status === 'unknown') return 'owner_unknown';
  return standing.status === 'offboarded' && occurredAt >= standing.lastDayEndsAt ? 'owner_offboarded' : undefined;
}
