import type { EventCatalog, Instant, LocalDate, Role } from '../../kernel/event.js';

export interface WorkHours {
  readonly from: string;
  readonly to: string;
}

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type MemberEvent =
  | { type: 'MemberAdded'; data: { memberId: string; name: string; role: Role; zone: string; email?: string; teamId?: string; managerId?: string; region?: string } }
  | { type: 'RoleChanged'; data: { memberId: string; role: Role; from: Role } }
  | { type: 'MemberMovedToTeam'; data: { memberId: string; teamId: string; managerId?: string; region?: string } }
  | { type: 'WorkCalendarSet'; data: { memberId: string; zone: string; weekdays: readonly number[]; hours: WorkHours; holidays: readonly LocalDate[] } }
  | { type: 'CapacitySet'; data: { memberId: string; openItemsMax: number } }
  | { type: 'AbsenceRecorded'; data: { memberId: string; firstDay: LocalDate; lastDay: LocalDate; reason: string } }
  | { type: 'MemberOffboarded'; data: { memberId: string; leftAt: Instant; reason?: string } };

export const memberEvents: EventCatalog<MemberEvent> = {
  MemberAdded: { version: 1, personal: ['name', 'email'], personalSubject: 'memberId', personalAlways: ['name'] },
  RoleChanged: { version: 1, personal: [] },
  MemberMovedToTeam: { version: 1, personal: [] },
  WorkCalendarSet: { version: 1, personal: [] },
  CapacitySet: { version: 1, personal: [] },
  AbsenceRecorded: { version: 1, personal: ['reason'], personalSubject: 'memberId', personalAlways: ['reason'] },
  MemberOffboarded: { version: 1, personal: ['reason'], personalSubject: 'memberId' },
};
