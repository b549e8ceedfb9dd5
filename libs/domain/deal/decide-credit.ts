import { accept, refuse, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { ReassignDeal, SplitDealCredit } from './commands.js';
import type { CreditShare, DealEvent } from './events.js';
import type { DealRefusal } from './refusals.js';
import type { OpenedDeal } from './state.js';

export function reassignDeal(deal: OpenedDeal, { dealId, ownerId, reason }: ReassignDeal, occurredAt: Instant, owner: MemberStanding): Decision<DealEvent, DealRefusal> {
  if (ownerId === deal.ownerId) return accept();
  const problem = ownerProblem(owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  return accept({ type: 'DealReassigned', data: { dealId, ownerId, from: deal.ownerId, ...(reason && { reason }) } });
}

const shareOf = (shares: readonly CreditShare[], memberId: string): number | undefined => shares.find((share) => share.memberId === memberId)?.percent;

/** `members` says how each member named in a share stands. */
export function splitDealCredit(deal: OpenedDeal, { dealId, shares: given }: SplitDealCredit, occurredAt: Instant, members: ReadonlyMap<string, MemberStanding>): Decision<DealEvent, DealRefusal> {
  const shares = given.map(({ memberId, percent }) => ({ memberId, percent }));
  const sum = shares.reduce((total, { percent }) => total + percent, 0);
  if (new Set(shares.map(({ memberId }) => memberId)).size < shares.length) return refuse('credit_member_twice');
  if (sum !== 100) return refuse('credit_not_100_percent', `${sum} percent`);
  if (deal.shares?.length === shares.length && deal.shares.every(({ memberId, percent }) => shareOf(shares, memberId) === percent)) return accept();
  for (const { memberId } of shares) {
    const problem = ownerProblem(members.get(memberId) ?? { status: 'unknown' }, occurredAt);
    if (problem) return refuse(problem === 'owner_unknown' ? 'credit_member_unknown' : 'credit_member_offboarded', memberId);
  }
  return accept({ type: 'DealCreditSplit', data: { dealId, shares } });
}
