import { companyCalendar, DEFAULT_SETTINGS } from '../../libs/domain/policy/facts.js';
import { placed, standingNow, type Change } from '../../libs/domain/in-force.js';
import type { MemberEvent } from '../../libs/domain/member/events.js';
import type { PolicyEvent, PolicySettings } from '../../libs/domain/policy/events.js';
import type { WorkCalendar } from '../../libs/domain/work-calendar.js';
import type { Instant, LocalDate, Recorded } from '../../libs/kernel/event.js';
import { projection, type Row, type Rows } from '../../libs/kernel/projection.js';
import { rosterTables, type RosterTable } from './roster.tables.js';

/** Something that holds from a moment on. */
interface From<T> {
  readonly at: Instant;
  readonly what: T;
}

interface Standing {
  readonly role: string;
  readonly zone?: string;
  readonly teamId?: string;
  readonly region?: string;
}

interface MemberHistory {
  readonly kind: 'member';
  readonly standings: readonly From<Partial<Standing>>[];
  readonly calendars: readonly From<WorkCalendar>[];
  readonly capacities: readonly From<number>[];
  readonly absences: readonly { readonly firstDay: LocalDate; readonly lastDay: LocalDate }[];
  readonly leftAt?: Instant;
}

interface CompanyHistory {
  readonly kind: 'company';
  readonly changes: readonly From<PolicySettings>[];
}

type RosterEvent = MemberEvent | Extract<PolicyEvent, { type: 'PolicySet' }>;
type RosterState = MemberHistory | CompanyHistory;

const COMPANY_KEY = 'company';
const NOBODY: MemberHistory = { kind: 'member', standings: [], calendars: [], capacities: [], absences: [] };

function evolveMember(member: MemberHistory, event: Recorded<MemberEvent>): MemberHistory {
  const at = event.occurredAt;
  const standing = (what: Partial<Standing>): MemberHistory => ({ ...member, standings: placed(member.standings, { at, what }) });
  switch (event.type) {
    case 'MemberAdded': {
      const { role, zone, teamId, region } = event.data;
      return standing({ role, zone, ...(teamId !== undefined && { teamId }), ...(region !== undefined && { region }) });
    }
    case 'RoleChanged': return standing({ role: event.data.role });
    case 'MemberMovedToTeam': return standing({ teamId: event.data.teamId, ...(event.data.region !== undefined && { region: event.data.region }) });
    case 'WorkCalendarSet': {
      const { zone, weekdays, hours, holidays } = event.data;
      return { ...member, calendars: placed(member.calendars, { at, what: { zone, weekdays, hours, holidays } }) };
    }
    case 'CapacitySet': return { ...member, capacities: placed(member.capacities, { at, what: event.data.openItemsMax }) };
    case 'AbsenceRecorded': return { ...member, absences: [...member.absences, { firstDay: event.data.firstDay, lastDay: event.data.lastDay }] };
    case 'MemberOffboarded': return { ...member, leftAt: event.data.leftAt };
  }
}

/** Consecutive changes as intervals; the first holds since ever: nothing is known of before. */
const intervals = <T>(changes: readonly From<T>[]): { valid_from: Instant | null; valid_to: Instant | null; what: T }[] =>
  changes.map(({ at, what }, index) => ({ valid_from: index === 0 ? null : at, valid_to: changes[index + 1]?.at ?? null, what }));

const calendarRow = (memberId: string, index: number, { zone, weekdays, hours, holidays }: WorkCalendar, from: Instant | null, to: Instant | null): Row =>
  ({ member_id: memberId, stay: index + 1, zone, weekdays, hours_from: hours.from, hours_to: hours.to, holidays, valid_from: from, valid_to: to });

function memberRows(member: MemberHistory, id: string): Rows<RosterTable> {
  let standing: Standing = { role: 'unknown' };
  return {
    stay: intervals(member.standings).map(({ what, valid_from, valid_to }, index): Row => {
      standing = { ...standing, ...what };
      return { member_id: id, stay: index + 1, role: standing.role, zone: standing.zone ?? null, team_id: standing.teamId ?? null, region: standing.region ?? null, valid_from, valid_to, left_at: member.leftAt ?? null };
    }),
    calendar: intervals(member.calendars).map(({ what, valid_from, valid_to }, index) => calendarRow(id, index, what, valid_from, valid_to)),
    capacity: intervals(member.capacities).map(({ what, valid_from, valid_to }, index): Row => ({ member_id: id, stay: index + 1, open_items_max: what, valid_from, valid_to })),
    absence: member.absences.map(({ firstDay, lastDay }, index): Row => ({ member_id: id, absence: index + 1, first_day: firstDay, last_day: lastDay })),
  };
}

function companyRows({ changes }: CompanyHistory): Rows<RosterTable> {
  const settings = standingNow<PolicySettings>({}, changes.map(({ at, what }): Change<PolicySettings> => ({ at, ...what })));
  let standing = DEFAULT_SETTINGS;
  const calendars = intervals(changes).map(({ what, valid_from, valid_to }, index) => {
    standing = { ...standing, ...what };
    return calendarRow('', index, companyCalendar(standing), valid_from, valid_to);
  });
  return { calendar: calendars, setting: Object.entries(settings).map(([setting, value]): Row => ({ setting, value: typeof value === 'string' ? value : JSON.stringify(value) })) };
}

/** Who is who: role, team, working hours, capacity and absences of every member by the dates they were true on, and the company's settings. */
export const roster = projection<RosterState, RosterEvent, RosterTable>({
  name: 'roster',
  version: 2,
  tables: rosterTables,
  /** A setting is in force by when it was laid down, not by when that was told. */
  revises: ['setting'],
  events: ['MemberAdded', 'RoleChanged', 'MemberMovedToTeam', 'WorkCalendarSet', 'CapacitySet', 'AbsenceRecorded', 'MemberOffboarded', 'PolicySet'],
  key: (event) => (event.type === 'PolicySet' ? COMPANY_KEY : `member:${event.data.memberId}`),
  evolve(state, event) {
    if (event.type !== 'PolicySet') return evolveMember(state?.kind === 'member' ? state : NOBODY, event);
    const company = state?.kind === 'company' ? state : undefined;
    return { kind: 'company', changes: placed(company?.changes ?? [], { at: event.occurredAt, what: event.data.settings }) };
  },
  rows: (state, key) => (state.kind === 'company' ? companyRows(state) : memberRows(state, key.slice('member:'.length))),
});
