import type { Instant, LocalDate, Recorded, Role } from '../kernel/event.js';
import { localDay } from '../kernel/local-time.js';
import type { CertificationEvent } from './enablement/events.js';
import type { MemberEvent } from './member/events.js';
import type { WorkCalendar } from './work-calendar.js';

/** What rules know of a member when they look for someone. */
export interface RosterMember {
  readonly memberId: string;
  readonly role: Role;
  readonly zone: string;
  readonly teamId?: string;
  readonly managerId?: string;
  readonly region?: string;
  readonly calendar?: WorkCalendar;
  /** How many open items they can carry; undefined: nobody has said. */
  readonly openItemsMax?: number;
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
  return { memberId, role, zone, absences: [], certificates: {}, ...(teamId && { teamId }), ...(managerId && { managerId }), ...(region && { region }) };
}

function changed(member: RosterMember, event: Recorded<RosterEvent>): RosterMember {
  switch (event.type) {
    case 'MemberAdded': return member;
    case 'RoleChanged': return { ...member, role: event.data.role };
    case 'MemberMovedToTeam': {
      const { teamId, managerId, region } = event.data;
      return { ...member, teamId, ...(managerId && { managerId }), ...(region && { region }) };
    }
    case 'WorkCalendarSet': return { ...member, zone: event.data.zone, calendar: event.data };
    case 'CapacitySet': return { ...member, openItemsMax: event.data.openItemsMax };
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

export const hasLeft = ({ leftAt }: RosterMember, at: Instant): boolean => leftAt !== undefined && leftAt <= at;

/** Whether the member is on leave on the day that the moment falls on where they work. */
export function isAway({ absences, zone }: RosterMember, at: Instant): boolean {
  if (absences.length === 0) return false;
  const day = localDay(at, zone);
  return absences.some(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
}

/** Whether the member holds a certificate of this name that is valid at that moment. Capitals do not matter. */
export function isCertified({ certificates, zone }: RosterMember, name: string, at: Instant): boolean {
  const lastDay = certificates[name.toLowerCase()];
  return lastDay === null || (lastDay !== undefined && localDay(at, zone) <= lastDay);
}
