import { context, noFacts } from '../../kernel/context.js';
import { DisableRule, EnableRule } from './commands.js';
import { automation, automationRefusals } from './decider.js';
import { automationEvents } from './events.js';

export const automationContext = context({
  name: 'automation',
  category: 'automation',
  idField: 'ruleId',
  commands: [EnableRule, DisableRule],
  events: automationEvents,
  refusals: automationRefusals,
  decider: automation,
  facts: noFacts,
});
