import { context, type Facts } from '../../kernel/context.js';
import { memberAt, type MemberStanding } from '../member/facts.js';
import { settingsAt } from '../policy/facts.js';
import { ReviseTarget, SetTarget, WithdrawTarget, type TargetCommand } from './commands.js';
import { target, targetRefusals, type Target, type TargetFacts } from './decider.js';
import { targetEvents } from './events.js';

const UNKNOWN: MemberStanding = { status: 'unknown' };

const facts: Facts<TargetCommand, Target, TargetFacts> = async (read, command, _, occurredAt) => {
  if (command.type !== 'SetTarget') return { member: UNKNOWN, currency: '', zone: '' };
  const { scope, scopeId } = command;
  const [member, { currency, zone }] = await Promise.all([
    scope === 'member' && scopeId !== undefined ? memberAt(read, scopeId, occurredAt) : UNKNOWN,
    settingsAt(read, occurredAt),
  ]);
  return { member, currency, zone };
};

export const targetContext = context({
  name: 'target',
  category: 'target',
  idField: 'targetId',
  commands: [SetTarget, ReviseTarget, WithdrawTarget],
  events: targetEvents,
  refusals: targetRefusals,
  decider: target,
  facts,
});
