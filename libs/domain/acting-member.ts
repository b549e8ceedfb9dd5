import type { Instant } from '../kernel/event.js';
import type { RefusalCatalog } from '../kernel/refusal.js';
import { ownerProblem, type MemberStanding } from './member/facts.js';

export type ActingMemberRefusal = 'member_unknown' | 'member_left';

/** For commands that name the member who did something, rather than one who is to own something. */
export const actingMemberRefusals: RefusalCatalog<ActingMemberRefusal> = {
  member_unknown: { kind: 'invalid', title: 'No member has the id given.' },
  member_left: { kind: 'invalid', title: 'The member given had left by then.' },
};

/** Why this member cannot have acted at `occurredAt`; undefined when they can. */
export function actingMemberProblem(standing: MemberStanding, occurredAt: Instant): ActingMemberRefusal | undefined {
  const problem = ownerProblem(standing, occurredAt);
  return problem && (problem === 'owner_unknown' ? 'member_unknown' : 'member_left');
}
