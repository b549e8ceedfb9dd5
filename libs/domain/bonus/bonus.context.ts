import { context, type Facts } from '../../kernel/context.js';
import { memberStream } from '../member/facts.js';
import { settingsAt } from '../policy/facts.js';
import { ApproveBonus, DefineBonusPlan, ReviseBonusPlan, type BonusCommand } from './commands.js';
import { bonusPlan, bonusRefusals, type BonusFacts } from './decider.js';
import { bonusEvents } from './events.js';
import type { BonusPlan } from './state.js';

const facts: Facts<BonusCommand, BonusPlan, BonusFacts> = async (read, command, _, occurredAt) => {
  if (command.type === 'ApproveBonus') return { unknownMemberIds: [], currency: '' };
  const [known, { currency }] = await Promise.all([
    Promise.all(command.memberIds.map((memberId) => read.exists(memberStream(memberId)))),
    settingsAt(read, occurredAt),
  ]);
  return { unknownMemberIds: command.memberIds.filter((_, index) => !known[index]), currency };
};

export const bonusContext = context({
  name: 'bonus',
  category: 'bonus',
  idField: 'planId',
  commands: [DefineBonusPlan, ReviseBonusPlan, ApproveBonus],
  events: bonusEvents,
  refusals: bonusRefusals,
  decider: bonusPlan,
  facts,
});
