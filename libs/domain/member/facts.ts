import { streamOf, type StreamFold, type StreamReader } from '../../kernel/context.js';
import type { Instant, Role } from '../../kernel/event.js';
import { BEFORE_ALL, inForce, placed, standingAt, type Change, type Dated } from '../in-force.js';
import type { WorkCalendar } from '../work-calendar.js';
import type { MemberEvent } from './events.js';

/** What other contexts may know of a member. */
export type MemberStanding =
  | { readonly status: 'unknown' }
  | { readonly status: 'active'; readonly role: Role; readonly zone: string }
  | { readonly status: 'offboarded'; readonly role: Role; readonly zone: string; readonly lastDayEndsAt: Instant };

export const memberStream = (memberId: string): string => streamOf('member', memberId);

interface RoleAndZone {
  readonly role: Role;
  readonly zone: string;
}

/** Who a member was and when they worked, in the order in which it came into force. */
export interface MemberHistory {
  readonly standings: readonly Change<RoleAndZone>[];
  readonly calendars: readonly (WorkCalendar & Dated)[];
  readonly leftAt?: Instant;
}

export const memberHistory: StreamFold<MemberHistory, MemberEvent> = {
  initial: { standings: [], calendars: [] },
  evolve(history, event) {
    const at = event.occurredAt ?? BEFORE_ALL;
    const standing = (said: Partial<RoleAndZone>): MemberHistory => ({ ...history, standings: placed(history.standings, { at, ...said }) });
    switch (event.type) {
      case 'MemberAdded': return standing({ role: event.data.role, zone: event.data.zone });
      case 'RoleChanged': return standing({ role: event.data.role });
      case 'MemberOffboarded': return { ...history, leftAt: event.data.leftAt };
      case 'WorkCalendarSet': {
        const { zone, weekdays, hours, holidays } = event.data;
        return { ...standing({ zone }), calendars: placed(history.calendars, { at, zone, weekdays, hours, holidays }) };
      }
      default: return history;
    }
  },
};

/** How a member stands at a moment. A leave counts from when it was announced: it bears its own moment. */
export function standingIn({ standings, leftAt }: MemberHistory, at: Instant): MemberStanding {
  const { role, zone } = standingAt<Partial<RoleAndZone>>({}, standings, at);
  if (role === undefined || zone === undefined) return { status: 'unknown' };
  return leftAt === undefined ? { status: 'active', role, zone } : { status: 'offboarded', role, zone, lastDayEndsAt: leftAt };
}

/** How a member stood when something happened. */
export const memberAt = async (read: StreamReader, memberId: string, at: Instant): Promise<MemberStanding> =>
  standingIn(await read.fold(memberStream(memberId), memberHistory), at);

/** The hours a member worked when something happened; undefined where none were ever set: the company's apply. */
export const calendarAt = async (read: StreamReader, memberId: string, at: Instant): Promise<WorkCalendar | undefined> => {
  const { calendars } = await read.fold(memberStream(memberId), memberHistory);
  const found = inForce(calendars, at);
  return found && { zone: found.zone, weekdays: found.weekdays, hours: found.hours, holidays: found.holidays };
};

/** Why work that happened at `occurredAt` cannot be given to this member; undefined when it can. */
export function ownerProblem(standing: MemberStanding, occurredAt: Instant): 'owner_unknown' | 'owner_offboarded' | undefined {
  if (standing.status === 'unknown') return 'owner_unknown';
  return standing.status === 'offboarded' && occurredAt >= standing.lastDayEndsAt ? 'owner_offboarded' : undefined;
}
