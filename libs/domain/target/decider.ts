import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { asItWas, BEFORE_ALL, begun, revised, type Change } from '../in-force.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import { monthsTouched, type Period } from '../period.js';
import type { ReviseTarget, SetTarget, TargetCommand } from './commands.js';
import type { TargetEvent } from './events.js';

/** What a revision can change. */
interface Aim {
  readonly amount: number;
  readonly weights?: readonly number[];
}

interface StandingTarget extends Aim {
  readonly status: 'set';
  readonly period: Period;
  readonly currency?: string;
  readonly setAt: Instant;
  /** As set and as revised, in the order in which it happened. */
  readonly changes: readonly Change<Aim>[];
}

export type Target = { readonly status: 'absent' } | { readonly status: 'withdrawn' } | StandingTarget;

/** Read only when a target is set. */
export interface TargetFacts {
  /** The member it is for, where it is for one. */
  readonly member: MemberStanding;
  /** The company's. */
  readonly currency: string;
  readonly zone: string;
}

export type TargetRefusal =
  | 'target_not_found' | 'target_already_exists' | 'target_withdrawn' | 'target_not_yet_set' | 'target_scope_incomplete' | 'target_scope_company' | 'target_member_unknown' | 'target_member_offboarded' | 'target_count_with_currency' | 'target_weights_mismatch';

export const targetRefusals: RefusalCatalog<TargetRefusal> = {
  target_not_found: { kind: 'not_found', title: 'No target has this id.' },
  target_already_exists: { kind: 'conflict', title: 'A target with this id was already set; it can be revised.' },
  target_withdrawn: { kind: 'conflict', title: 'The target was withdrawn.' },
  target_not_yet_set: { kind: 'invalid', title: 'A target cannot be revised or withdrawn before it was set; give a later occurredAt.' },
  target_scope_incomplete: { kind: 'invalid', title: 'A target for a member or team must say for which.' },
  target_scope_company: { kind: 'invalid', title: 'A target for the company names neither member nor team.' },
  target_member_unknown: { kind: 'invalid', title: 'No member has the id that the target is for.' },
  target_member_offboarded: { kind: 'invalid', title: 'The member that the target is for has left.' },
  target_count_with_currency: { kind: 'invalid', title: 'Only a target of booked value has a currency.' },
  target_weights_mismatch: { kind: 'invalid', title: 'A seasonal curve has one weight for each calendar month that the period touches.' },
};

/** What is to be reached: set, revised as often as need be, perhaps withdrawn, which is final. */
export const target: Decider<TargetCommand, Target, TargetEvent, TargetRefusal, TargetFacts> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    const at = event.occurredAt ?? BEFORE_ALL;
    switch (event.type) {
      case 'TargetSet': {
        const { period, currency } = event.data;
        return { status: 'set', period, ...(currency && { currency }), setAt: at, ...begun<Aim>(at, aimOf(event.data)) };
      }
      case 'TargetRevised': return state.status === 'set' ? revised(state, at, aimOf(event.data)) : state;
      case 'TargetWithdrawn': return { status: 'withdrawn' };
    }
  },

  decide(state, command, { occurredAt, facts }) {
    if (command.type === 'SetTarget') return state.status === 'absent' ? setTarget(command, occurredAt, facts) : refuse('target_already_exists');
    if (state.status === 'absent') return refuse('target_not_found');
    if (state.status === 'withdrawn') return command.type === 'WithdrawTarget' ? accept() : refuse('target_withdrawn');
    if (occurredAt < state.setAt) return refuse('target_not_yet_set', `set ${state.setAt}, said to happen ${occurredAt}`);
    switch (command.type) {
      case 'ReviseTarget': return reviseTarget(state, command, occurredAt);
      case 'WithdrawTarget': return accept({ type: 'TargetWithdrawn', data: { targetId: command.targetId, reason: command.reason } });
    }
  },
};

/** A revision says all of it: without weights, there is no curve from then on. */
const aimOf = ({ amount, weights }: Aim): Aim => ({ amount, weights });

const termsOf = ({ currency, weights }: { currency?: string; weights?: readonly number[] }): { currency?: string; weights?: readonly number[] } => ({ ...(currency && { currency }), ...(weights && { weights }) });

function scopeProblem({ scope, scopeId }: SetTarget, member: MemberStanding, occurredAt: Instant): TargetRefusal | undefined {
  if (scope === 'company') return scopeId === undefined ? undefined : 'target_scope_company';
  if (scopeId === undefined) return 'target_scope_incomplete';
  if (scope === 'team') return undefined;
  const problem = ownerProblem(member, occurredAt);
  return problem && (problem === 'owner_unknown' ? 'target_member_unknown' : 'target_member_offboarded');
}

function setTarget(command: SetTarget, occurredAt: Instant, facts: TargetFacts): Decision<TargetEvent, TargetRefusal> {
  const { targetId, metric, scope, scopeId, period, amount, zone = facts.zone, weights, note } = command;
  const problem = scopeProblem(command, facts.member, occurredAt);
  if (problem) return refuse(problem, scopeId);
  if (metric !== 'booked_value' && command.currency !== undefined) return refuse('target_count_with_currency', metric);
  if (weights && weights.length !== monthsTouched(period)) return refuse('target_weights_mismatch', `${weights.length} weights for ${monthsTouched(period)} months`);
  const currency = metric === 'booked_value' ? (command.currency ?? facts.currency) : undefined;
  return accept({ type: 'TargetSet', data: { targetId, metric, scope, ...(scopeId && { scopeId }), period: { from: period.from, to: period.to }, amount, zone, ...termsOf({ currency, weights }), ...(note && { note }) } });
}

/** What the revision leaves out stays as it was when it happened. */
function reviseTarget(state: StandingTarget, command: ReviseTarget, occurredAt: Instant): Decision<TargetEvent, TargetRefusal> {
  const before = asItWas(state, occurredAt);
  const { targetId, amount, weights = before.weights, reason } = command;
  if (amount === before.amount && JSON.stringify(weights) === JSON.stringify(before.weights)) return accept();
  if (weights && weights.length !== monthsTouched(state.period)) return refuse('target_weights_mismatch', `${weights.length} weights for ${monthsTouched(state.period)} months`);
  return accept({ type: 'TargetRevised', data: { targetId, amount, from: before.amount, ...termsOf({ currency: state.currency, weights }), reason } });
}
