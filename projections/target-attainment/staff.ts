import { placed, standingNow, type Change } from '../../libs/domain/in-force.js';
import type { MemberEvent } from '../../libs/domain/member/events.js';
import type { PolicyEvent } from '../../libs/domain/policy/events.js';
import type { Instant, LocalDate, Recorded } from '../../libs/kernel/event.js';
import type { Row, Rows } from '../../libs/kernel/projection.js';
import type { TargetAttainmentTable } from './target-attainment.tables.js';

interface Standing {
  readonly role: string;
  readonly teamId?: string;
}

/** Working days from a moment on. */
interface CalendarVersion {
  readonly at: Instant;
  readonly weekdays: readonly number[];
  readonly holidays: readonly LocalDate[];
}

/** Who a member was, and when they work, on which dates. Both by date of effect: a change told late takes its place in between. */
export interface MemberCredit {
  readonly kind: 'member';
  readonly standings: readonly ({ readonly at: Instant } & Partial<Standing>)[];
  readonly calendars: readonly CalendarVersion[];
}

export interface CompanyCredit {
  readonly kind: 'company';
  readonly settings: readonly Change<Record<string, string>>[];
  /** Only what each setting said: the weekdays and the holidays are set apart. */
  readonly calendars: readonly { readonly at: Instant; readonly weekdays?: readonly number[]; readonly holidays?: readonly LocalDate[] }[];
}

export type CreditedMemberEvent = Extract<MemberEvent, { type: 'MemberAdded' | 'RoleChanged' | 'MemberMovedToTeam' | 'WorkCalendarSet' }>;
type PolicySet = Extract<PolicyEvent, { type: 'PolicySet' }>;

export function evolveMember(member: MemberCredit | undefined, event: Recorded<CreditedMemberEvent>): MemberCredit {
  const at = event.occurredAt;
  const before = member ?? { kind: 'member', standings: [], calendars: [] };
  switch (event.type) {
    case 'MemberAdded': return { ...before, standings: placed(before.standings, { at, role: event.data.role, ...(event.data.teamId !== undefined && { teamId: event.data.teamId }) }) };
    case 'RoleChanged': return { ...before, standings: placed(before.standings, { at, role: event.data.role }) };
    case 'MemberMovedToTeam': return { ...before, standings: placed(before.standings, { at, teamId: event.data.teamId }) };
    case 'WorkCalendarSet': return { ...before, calendars: placed(before.calendars, { at, weekdays: event.data.weekdays, holidays: event.data.holidays }) };
  }
}

export function evolveCompany(company: CompanyCredit | undefined, event: Recorded<PolicySet>): CompanyCredit {
  const { zone, currency, fiscalYearStartMonth, businessDays: weekdays, holidays } = event.data.settings;
  const said = Object.entries({ zone, currency, fiscalYearStartMonth }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  const calendars = company?.calendars ?? [];
  return {
    kind: 'company', settings: placed(company?.settings ?? [], { ...Object.fromEntries(said), at: event.occurredAt }),
    calendars: weekdays || holidays ? placed(calendars, { at: event.occurredAt, ...(weekdays && { weekdays }), ...(holidays && { holidays }) }) : calendars,
  };
}

export function memberRows({ standings, calendars }: MemberCredit, memberId: string): Rows<TargetAttainmentTable> {
  let standing: Standing = { role: 'coordinator' };
  return {
    roster: standings.map(({ at, ...change }, index): Row => {
      standing = { ...standing, ...change };
      return { member_id: memberId, stay: index + 1, role: standing.role, team_id: standing.teamId ?? null, valid_from: index === 0 ? null : at, valid_to: standings[index + 1]?.at ?? null };
    }),
    calendar: calendars.map(({ at, weekdays, holidays }, index): Row => ({ holder: 'member', holder_id: memberId, version: index + 1, valid_from: at, weekdays, holidays })),
  };
}

export function companyRows({ settings, calendars }: CompanyCredit, defaults: { readonly weekdays: readonly number[]; readonly holidays: readonly LocalDate[] }): Rows<TargetAttainmentTable> {
  let calendar = defaults;
  return {
    company: Object.entries(standingNow<Record<string, string>>({}, settings)).map(([setting, value]) => ({ setting, value })),
    calendar: calendars.map(({ at, ...change }, index): Row => {
      calendar = { ...calendar, ...change };
      return { holder: 'company', holder_id: '', version: index + 1, valid_from: index === 0 ? null : at, ...calendar };
    }),
  };
}
