import type { Instant, LocalDate, Recorded, Role } from '../kernel/event.js';
import { localDay } from '../kernel/local-time.js';
import type { CertificationEvent } from './enablement/events.js';
import { asItWas, begun, inForce, placed, revised, type Change, type Dated } from './in-force.js';
import type { MemberEvent } from './member/events.js';
import type { WorkCalendar } from './work-calendar.js';

/** What of a member is changed from a day on. */
interface Standing {
  readonly role: Role;
  readonly zone: string;
  readonly teamId?: string;
  readonly managerId?: string;
  readonly region?: string;
  /** How many open items they can carry; undefined: nobody has said. */
  readonly openItemsMax?: number;
}

/** What rules know of a member when they look for someone: how they stand after all that was said, and since when each thing holds. */
export interface RosterMember extends Standing {
  readonly memberId: string;
  /** In the order in which they came into force: what is told late takes its place in between. */
  readonly changes: readonly Change<Standing>[];
  readonly calendars: readonly (WorkCalendar & Dated)[];
  readonly absences: readonly { readonly firstDay: LocalDate; readonly lastDay: LocalDate }[];
  readonly leftAt?: Instant;
  /** The last valid day of each certificate they hold, by its name in small letters; undefined: for good. */
  readonly certificates: Readonly<Record<string, LocalDate | null>>;
}

export type Roster = Map<string, RosterMember>;
export type RosterEvent = MemberEvent | CertificationEvent;

export const ROSTER_EVENTS: readonly RosterEvent['type'][] = ['MemberAdded', 'RoleChanged', 'MemberMovedToTeam', 'WorkCalendarSet', 'CapacitySet', 'AbsenceRecorded', 'MemberOffboarded', 'CertificationRecorded'];

function joined(event: Recorded<MemberEvent> & { type: 'MemberAdded' }): RosterMember {
  const { memberId, role, zone, teamId, managerId, region } = event.data;
  const standing: Standing = { role, zone, ...(teamId && { teamId }), ...(managerId && { managerId }), ...(region && { region }) };
  return { memberId, ...begun(event.occurredAt, standing), calendars: [], absences: [], certificates: {} };
}

function changed(member: RosterMember, event: Recorded<RosterEvent>): RosterMember {
  const at = event.occurredAt;
  switch (event.type) {
    case 'MemberAdded': return member;
    case 'RoleChanged': return revised(member, at, { role: event.data.role });
    case 'MemberMovedToTeam': {
      const { teamId, managerId, region } = event.data;
      return revised(member, at, { teamId, ...(managerId && { managerId }), ...(region && { region }) });
    }
    case 'WorkCalendarSet': {
      const { zone, weekdays, hours, holidays } = event.data;
      return { ...revised(member, at, { zone }), calendars: placed(member.calendars, { at, zone, weekdays, hours, holidays }) };
    }
    case 'CapacitySet': return revised(member, at, { openItemsMax: event.data.openItemsMax });
    case 'AbsenceRecorded': return { ...member, absences: [...member.absences, { firstDay: event.data.firstDay, lastDay: event.data.lastDay }] };
    case 'MemberOffboarded': return { ...member, leftAt: event.data.leftAt };
    case 'CertificationRecorded': return { ...member, certificates: { ...member.certificates, [event.data.certificate.toLowerCase()]: event.data.expiresOn ?? null } };
  }
}

export function evolveRoster(roster: Roster, event: Recorded<RosterEvent>): void {
  if (event.type === 'MemberAdded') return void roster.set(event.data.memberId, joined(event));
  const member = roster.get(event.data.memberId);
  if (member) roster.set(member.memberId, changed(member, event));
}

/** The hours a member worked when something happened; undefined where they never set any. */
export const calendarThen = ({ calendars }: RosterMember, at: Instant): WorkCalendar | undefined => inForce(calendars, at);

export const hasLeft = ({ leftAt }: RosterMember, at: Instant): boolean => leftAt !== undefined && leftAt <= at;

/** Whether the member is on leave on the day that the moment falls on where they work. */
export function isAway(member: RosterMember, at: Instant): boolean {
  const { absences } = member;
  if (absences.length === 0) return false;
  const day = localDay(at, asItWas(member, at).zone);
  return absences.some(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
}

/** Whether the member holds a certificate of this name that is valid at that moment. Capitals do not matter. */
export function isCertified(member: RosterMember, name: string, at: Instant): boolean {
  const lastDay = member.certificates[name.toLowerCase()];
  return lastDay === null || (lastDay !== undefined && localDay(at, asItWas(member, at).zone) <= lastDay);
}
