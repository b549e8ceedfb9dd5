import type { CommandMessage } from '../kernel/command.js';
import type { Instant } from '../kernel/event.js';
import { localDay } from '../kernel/local-time.js';
import { numberSetting, type DueReaction, type RuleSettings } from '../kernel/rule.js';
import { give, ownedBy, type WorkItem, type WorkKind } from './open-work.js';
import { hasLeft, type RosterMember } from './roster.js';
import { chooseMember, type TeamWork } from './team-work.js';

/** The rule that hands on work, in a part a context. */
export const HAND_OVER = {
  name: 'reassign_on_departure',
  summary: 'Hands the open work of a member who leaves to others, and what falls due while a member is away for long',
  /** An absence shorter than this is waited out. 0: absences hand nothing on. */
  defaults: { absenceDaysMin: 5 },
} as const;

const DAY_MS = 86_400_000;
/** One member's work is handed on in portions: the next minute brings the next. */
const ITEMS_MAX = 500;

type Absence = RosterMember['absences'][number];
const daysOf = ({ firstDay, lastDay }: Absence): number => (Date.parse(lastDay) - Date.parse(firstDay)) / DAY_MS + 1;

interface Going {
  readonly member: RosterMember;
  /** Names the departure for good. */
  readonly cause: string;
  readonly because: string;
  readonly concerns: (item: WorkItem) => boolean;
}

/** Who has left, and who has begun a long absence, by that moment. */
function* going(team: TeamWork, now: Instant, absenceDaysMin: number): Generator<Going> {
  for (const memberId of team.work.byOwner.keys()) {
    const member = team.roster.get(memberId);
    if (!member) continue;
    if (hasLeft(member, now)) yield { member, cause: `left|${memberId}|${member.leftAt}`, because: `${memberId} has left`, concerns: () => true };
    else if (member.absences.length > 0) {
      const today = localDay(now, member.zone);
      const absence = absenceDaysMin > 0 && member.absences.find((each) => each.firstDay <= today && today <= each.lastDay && daysOf(each) >= absenceDaysMin);
      if (!absence) continue;
      const { firstDay, lastDay } = absence;
      const concerns = ({ dueAt }: WorkItem): boolean => dueAt !== undefined && localDay(dueAt, member.zone) <= lastDay;
      yield { member, cause: `away|${memberId}|${firstDay}`, because: `${memberId} is away from ${firstDay} to ${lastDay}`, concerns };
    }
  }
}

/**
 * What is to be handed on of one kind of work by `now`: all of it where its owner has left, what falls due in a long absence.
 * It goes to someone of the owner's role, rather of the same team's region, with the least to do. Notes what it asks for in the state.
 */
export function handOver(team: TeamWork, now: Instant, settings: RuleSettings, kind: WorkKind, commandsFor: (item: WorkItem, ownerId: string, because: string) => readonly CommandMessage[]): DueReaction[] {
  const reactions: DueReaction[] = [];
  for (const { member, cause, because, concerns } of [...going(team, now, numberSetting(settings, 'absenceDaysMin'))]) {
    for (const item of ownedBy(team.work, member.memberId, kind).filter(concerns).slice(0, ITEMS_MAX)) {
      const wanted = { at: now, roles: [member.role], not: member.memberId, ...(member.region && { region: item.region ?? member.region }) };
      const chosen = (member.teamId && chooseMember(team, { ...wanted, teamIds: [member.teamId] })) || chooseMember(team, wanted);
      const itemCause = `${cause}|${kind}|${item.id}`;
      if (!chosen) reactions.push({ cause: itemCause, because: `${because}; nobody of their role has room` });
      else {
        commandsFor(item, chosen.memberId, because).forEach((command, index) => reactions.push({ cause: index === 0 ? itemCause : `${itemCause}|${index}`, command, because: `${because}: ${chosen.why}`, ...(index > 0 && { afterPrevious: true as const }) }));
        give(team.work, { ...item, ownerId: chosen.memberId });
      }
    }
  }
  return reactions;
}
