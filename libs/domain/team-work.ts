import type { DomainEvent, Instant, Recorded } from '../kernel/event.js';
import type { Memory } from '../kernel/rule.js';
import { asItWas } from './in-force.js';
import { evolveOpenWork, loadOf, noWork, OPEN_WORK_EVENTS, type OpenWork, type OpenWorkEvent } from './open-work.js';
import type { PolicyEvent } from './policy/events.js';
import { companyCalendar, settingsHistory, settingsIn, type SettingsHistory } from './policy/facts.js';
import { calendarThen, evolveRoster, hasLeft, isAway, isCertified, ROSTER_EVENTS, type Roster, type RosterEvent, type RosterMember } from './roster.js';
import type { WorkCalendar } from './work-calendar.js';
import { isWorkingTime } from './working-time.js';

/** Who there is, and when they work. */
export interface Team {
  readonly roster: Roster;
  readonly settings: SettingsHistory;
}

/** And what they have to do. */
export interface TeamWork extends Team {
  readonly work: OpenWork;
}

export type TeamEvent = RosterEvent | PolicyEvent;
type TeamWorkEvent = TeamEvent | OpenWorkEvent;

export const TEAM_EVENTS: readonly TeamEvent['type'][] = [...ROSTER_EVENTS, 'PolicySet'];
export const noTeam = (): Team => ({ roster: new Map(), settings: settingsHistory.initial });

const isOfRoster = (event: Recorded<DomainEvent>): event is Recorded<RosterEvent> => ROSTER_EVENTS.some((type) => type === event.type);
const isPolicy = (event: Recorded<DomainEvent>): event is Recorded<PolicyEvent> => event.type === 'PolicySet' || event.type === 'PipelineDefined';

export const isTeamEvent = (event: Recorded<DomainEvent>): event is Recorded<TeamEvent> => isOfRoster(event) || isPolicy(event);

/** Follows who there is; for memories that need no more of the team. */
export function evolveTeam<T extends Team>(team: T, event: Recorded<TeamEvent>): T {
  if (isPolicy(event)) return { ...team, settings: settingsHistory.evolve(team.settings, event) };
  evolveRoster(team.roster, event);
  return team;
}

/** For rules that only need to know when people work. */
export const teamOnly: Memory<Team, TeamEvent> = { name: 'team', version: 2, events: TEAM_EVENTS, initial: noTeam, evolve: evolveTeam };

/** Remembered once for all rules that hand out work. */
export const teamWork: Memory<TeamWork, TeamWorkEvent> = {
  name: 'team_work',
  version: 2,
  events: [...TEAM_EVENTS, ...OPEN_WORK_EVENTS],
  initial: () => ({ ...noTeam(), work: noWork() }),
  evolve(state, event) {
    if (isTeamEvent(event)) return evolveTeam(state, event);
    evolveOpenWork(state.work, event);
    return state;
  },
};

/** The zone that a member's days are cut in at a moment; the company's where nobody is named, or they are not known. */
export function zoneOf({ roster, settings }: Team, memberId: string | undefined, at: Instant): string {
  const member = memberId === undefined ? undefined : roster.get(memberId);
  return member ? asItWas(member, at).zone : settingsIn(settings, at).zone;
}

/** The hours of a member at a moment: where they had set none of their own, the company's on the clocks of their zone. */
export function hoursOf(team: Team, memberId: string | undefined, at: Instant): WorkCalendar {
  const member = memberId === undefined ? undefined : team.roster.get(memberId);
  return (member && calendarThen(member, at)) ?? companyCalendar(settingsIn(team.settings, at), zoneOf(team, memberId, at));
}

/** What is looked for in the one who is to get a piece of work. */
export interface Wanted {
  readonly at: Instant;
  readonly roles: readonly string[];
  /** Only these teams; empty: any. */
  readonly teamIds?: readonly string[];
  readonly region?: string;
  /** Names of certificates, any of which makes them skilled for it. */
  readonly skills?: readonly string[];
  /** Rather someone who is at work at that moment. */
  readonly atWork?: boolean;
  readonly not?: string;
}

export interface Chosen {
  readonly memberId: string;
  /** Why them, as half a sentence. */
  readonly why: string;
}

/** Those of whom it holds; all of them where it holds of none: a wish, not a condition. */
function rather(members: readonly RosterMember[], wish: string, holds: (member: RosterMember) => boolean, because: string[]): readonly RosterMember[] {
  const fitting = members.filter(holds);
  if (fitting.length === 0) return members;
  because.push(wish);
  return fitting;
}

/**
 * The member for a piece of work: there, not away, with room; rather of the region, then with the skill, then at work; then
 * the one with the least to do. Of equals the first by id, so that the same log always chooses the same. undefined: nobody has room.
 */
export function chooseMember(team: TeamWork, { at, roles, teamIds = [], region, skills = [], atWork = false, not }: Wanted): Chosen | undefined {
  const because: string[] = [];
  let fitting: readonly RosterMember[] = [...team.roster.values()].map((member) => asItWas(member, at)).filter((member) =>
    member.memberId !== not && roles.includes(member.role) && (teamIds.length === 0 || (member.teamId !== undefined && teamIds.includes(member.teamId)))
    && !hasLeft(member, at) && !isAway(member, at) && (member.openItemsMax === undefined || loadOf(team.work, member.memberId) < member.openItemsMax));
  if (fitting.length === 0) return undefined;
  if (region !== undefined) fitting = rather(fitting, `territory ${region}`, (member) => member.region?.toLowerCase() === region.toLowerCase(), because);
  for (const skill of skills.slice(0, 1)) fitting = rather(fitting, `certified for ${skill}`, (member) => skills.some((name) => isCertified(member, name, at)), because);
  if (atWork) fitting = rather(fitting, 'at work then', (member) => isWorkingTime(at, hoursOf(team, member.memberId, at)), because);
  const loads = fitting.map(({ memberId }) => ({ memberId, load: loadOf(team.work, memberId) })).sort((a, b) => a.load - b.load || (a.memberId < b.memberId ? -1 : 1));
  const [least] = loads;
  return least && { memberId: least.memberId, why: [...because, `${least.load} open items, the fewest of ${loads.length}`].join(', ') };
}
