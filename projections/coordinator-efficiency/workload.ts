import type { Instant, LocalDate } from '../../libs/kernel/event.js';
import type { Calendars } from './calendars.js';
import { partsOf } from './period.js';
import { isPlaced, isUnit, type Cuts, type Group, type Scope } from './scope.js';
import type { Grouped } from './section.js';
import { filesAt } from './spans.js';
import { balance, by, ratio, total, type Balance, type Ratio } from './stats.js';

interface Moment {
  readonly day: LocalDate;
  readonly begin: Instant;
  /** The end of the day; of the present day, the present moment. */
  readonly at: Instant;
  /** The load at the end of a day is that day's: role and capacity are those just before it ends. */
  readonly just: Instant;
  readonly dayEnds: Instant;
  readonly part: string;
}

interface Stay {
  readonly member_id: string;
  readonly role: string;
  readonly team_id: string | null;
  readonly region: string | null;
  readonly valid_from: Instant | null;
  readonly valid_to: Instant | null;
  readonly left_at: Instant | null;
}

interface Capacity {
  readonly member_id: string;
  readonly open_items_max: number;
  readonly valid_from: Instant | null;
  readonly valid_to: Instant | null;
}

/** A member's load at the end of one day. */
export interface Load extends Grouped {
  readonly memberId: string;
  readonly moment: number;
  /** The last moment looked at in its group: the load that stands. */
  readonly last: boolean;
  readonly weight: number;
  readonly capacity: number | null;
  readonly working: boolean;
}

export interface Workload {
  readonly workload: Ratio;
  readonly openWeighted: number;
  readonly membersWithoutCapacity: number;
  readonly balance: Balance;
  readonly overloadDays: number;
  readonly memberDays: number;
}

const holds = (each: { valid_from: Instant | null; valid_to: Instant | null }, at: Instant): boolean => (each.valid_from === null || each.valid_from <= at) && (each.valid_to === null || at < each.valid_to);

/** The ends of the period's days; of the present day, the present moment. Days to come have no load yet. */
function momentsOf(scope: Scope): Moment[] {
  const { parts } = scope;
  const { now } = scope.view;
  const unit = isUnit(scope.cuts.groupBy);
  return partsOf(scope.period, 'day').filter(({ since }) => since < now).map(({ from, since, until }) => {
    const at = until < now ? until : now;
    return { day: from, begin: since, at, just: new Date(Date.parse(at) - 1).toISOString(), dayEnds: until, part: unit ? (parts.findLast((part) => part.since <= since)?.label ?? 'none') : 'all' };
  });
}

/**
 * Per member, the weight of all items open at each moment. Only sums leave the database: one row for all items of a member that came
 * and went on the same days. Most of what is open was so before and is so after: that is summed without looking at its days.
 */
async function weightsAt(scope: Scope, moments: readonly Moment[]): Promise<Map<string, number[]>> {
  const [first, last] = [`${scope.value(moments[0]!.at)}::timestamptz`, `${scope.value(moments.at(-1)!.at)}::timestamptz`]; // there is a moment: see loads
  const dayOf = (at: string): string => `width_bucket(${at}, ${scope.value(moments.map((moment) => moment.at))}::timestamptz[])`;
  const sums = (opened: string, closed: string, where: string): string =>
    `SELECT member_id, ${opened} AS opened, ${closed} AS closed, sum(weight) AS weight FROM ${scope.view.table('coordinator_efficiency_holding')} f WHERE ${where} GROUP BY 1, 2, 3`;
  const rows = await scope.run<{ member_id: string; opened: number; closed: number; weight: number }>([
    sums('0', `${moments.length}`, `held_until IS NULL AND held_from < ${first}`),
    sums(dayOf('held_from'), `${moments.length}`, `held_until IS NULL AND held_from >= ${first} AND held_from < ${last}`),
    sums(dayOf('held_from'), dayOf('held_until'), `held_until IS NOT NULL AND held_from >= ${first} AND held_from < ${last}`),
    sums('0', dayOf('held_until'), `file = ANY (${scope.value(filesAt(moments[0]!.at))}::integer[]) AND held_from < ${first} AND held_until >= ${first}`),
  ].join(' UNION ALL '));
  return new Map([...by(rows, ({ member_id }) => member_id)].map(([member, list]) => {
    const change = new Array<number>(moments.length + 1).fill(0);
    for (const { opened, closed, weight } of list) {
      change[opened] = (change[opened] ?? 0) + weight;
      change[closed] = (change[closed] ?? 0) - weight;
    }
    let open = 0;
    return [member, change.slice(0, moments.length).map((step) => (open += step))];
  }));
}

interface Staff {
  readonly stays: ReadonlyMap<string, readonly Stay[]>;
  readonly capacities: ReadonlyMap<string, readonly Capacity[]>;
  readonly absences: ReadonlyMap<string, readonly { readonly first_day: LocalDate; readonly last_day: LocalDate }[]>;
}

async function staffOf({ view }: Scope): Promise<Staff> {
  const member = (row: { member_id: string }): string => row.member_id;
  return {
    stays: by(await view.query<Stay>(`SELECT member_id, role, team_id, region, valid_from, valid_to, left_at FROM ${view.table('roster_stay')} s ORDER BY member_id, stay`), member),
    capacities: by(await view.query<Capacity>(`SELECT member_id, open_items_max, valid_from, valid_to FROM ${view.table('roster_capacity')} c ORDER BY member_id, stay`), member),
    absences: by(await view.query<{ member_id: string; first_day: LocalDate; last_day: LocalDate }>(`SELECT member_id, first_day, last_day FROM ${view.table('roster_absence')} a`), member),
  };
}

/** Whether a member, as they stood then, is asked for. */
function isWanted({ owner, team, role, region }: Cuts, memberId: string, stay: Stay): boolean {
  const among = (list: readonly string[] | undefined, value: string | null): boolean => !list?.length || (value !== null && list.includes(value));
  return among(owner, memberId) && among(team, stay.team_id) && among(role, stay.role) && (region === undefined || region === stay.region);
}

function groupOf(group: Group, memberId: string, stay: Stay, moment: Moment): string {
  if (isUnit(group)) return moment.part;
  switch (group) {
    case 'none': return 'all';
    case 'owner': return memberId;
    case 'team': return stay.team_id ?? 'none';
    case 'role': return stay.role;
    case 'region': return stay.region ?? 'none';
    case 'source': case 'campaign': case 'pipeline': case 'product': case 'segment': return 'none';
  }
}

/** Everybody's load at the end of each day of the period. Belongs to members alone: sources, campaigns, pipelines, products and segments have none. */
export async function loads(scope: Scope, calendars: Calendars): Promise<Load[]> {
  const { cuts } = scope;
  const moments = momentsOf(scope);
  if (moments.length === 0 || isPlaced({ ...cuts, groupBy: 'none', region: undefined })) return [];
  const weights = await weightsAt(scope, moments);
  const { stays, capacities, absences } = await staffOf(scope);
  return [...stays].flatMap(([memberId, own]) => moments.flatMap((moment, index): Load[] => {
    const { day, begin, dayEnds, just, part } = moment;
    const stay = own.find((each) => holds(each, just));
    if (!stay || (stay.left_at !== null && stay.left_at <= just) || !isWanted(cuts, memberId, stay)) return [];
    const away = absences.get(memberId)?.some(({ first_day, last_day }) => first_day <= day && day <= last_day) ?? false;
    return [{
      role: stay.role, grp: groupOf(cuts.groupBy, memberId, stay, moment), memberId, moment: index, last: moments[index + 1]?.part !== part,
      weight: weights.get(memberId)?.[index] ?? 0, capacity: capacities.get(memberId)?.find((each) => holds(each, just))?.open_items_max ?? null,
      working: !away && calendars.worksOn(memberId, begin, dayEnds),
    }];
  }));
}

/** Load, balance and overload of the members of one group. */
export function workload(rows: readonly Load[]): Workload {
  const standing = rows.filter(({ last }) => last);
  const able = standing.filter((row): row is Load & { capacity: number } => row.capacity !== null && row.capacity > 0);
  const working = rows.filter(({ working: works, capacity }) => works && capacity !== null && capacity > 0);
  return {
    workload: ratio(total(able, ({ weight }) => weight), total(able, ({ capacity }) => capacity), able.length),
    openWeighted: total(standing, ({ weight }) => weight), membersWithoutCapacity: standing.length - able.length,
    balance: balance(able.map(({ weight, capacity }) => weight / capacity)),
    overloadDays: working.filter(({ weight, capacity }) => weight > (capacity ?? 0)).length, memberDays: working.length,
  };
}
