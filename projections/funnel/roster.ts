import type { MemberEvent } from '../../libs/domain/member/events.js';
import { placed } from '../../libs/domain/in-force.js';
import type { Instant, Recorded } from '../../libs/kernel/event.js';
import type { Rows } from '../../libs/kernel/projection.js';
import type { FunnelTable } from './funnel.tables.js';

interface Standing {
  readonly role: string;
  readonly teamId?: string;
  readonly managerId?: string;
  readonly region?: string;
}

/** What changed of a member's standing, and when it took effect. */
interface Change extends Partial<Standing> {
  readonly at: Instant;
}

/** Who a member was on which dates. */
export interface MemberRoster {
  readonly kind: 'member';
  /** By the date of effect: a change told late takes its place in between. */
  readonly changes: readonly Change[];
}

function changeOf(event: Recorded<MemberEvent>): Change | undefined {
  const at = event.occurredAt;
  switch (event.type) {
    case 'MemberAdded': return { at, role: event.data.role, ...(event.data.teamId !== undefined && { teamId: event.data.teamId }), ...(event.data.managerId !== undefined && { managerId: event.data.managerId }), ...(event.data.region !== undefined && { region: event.data.region }) };
    case 'RoleChanged': return { at, role: event.data.role };
    case 'MemberMovedToTeam': return { at, teamId: event.data.teamId, ...(event.data.managerId !== undefined && { managerId: event.data.managerId }), ...(event.data.region !== undefined && { region: event.data.region }) };
    case 'WorkCalendarSet': case 'CapacitySet': case 'AbsenceRecorded': case 'MemberOffboarded': return undefined;
  }
}

export function evolveMember(member: MemberRoster | undefined, event: Recorded<MemberEvent>): MemberRoster | undefined {
  const change = changeOf(event);
  if (!change) return member;
  return { kind: 'member', changes: placed(member?.changes ?? [], change) };
}

export function memberRows(member: MemberRoster, id: string): Rows<FunnelTable> {
  let standing: Standing = { role: 'coordinator' };
  const stays = member.changes.map(({ at, ...change }, index) => {
    standing = { ...standing, ...change };
    return {
      member_id: id, stay: index + 1, role: standing.role, team_id: standing.teamId ?? null, manager_id: standing.managerId ?? null, region: standing.region ?? null,
      valid_from: index === 0 ? null : at, valid_to: member.changes[index + 1]?.at ?? null,
    };
  });
  return { roster: stays };
}
