import { Command } from '../../kernel/command.js';
import { IsOneOf, IsText } from '../../kernel/fields.js';
import { IsFlatRecord, type FlatRecord } from '../flat-record.js';
import { RULE_NAMES, type RuleName } from './rule-names.js';

const LEADERS = ['manager', 'admin'] as const;

@Command({ path: 'POST /rules/:ruleId/enable', roles: LEADERS, summary: 'Switch a rule on, or give it other settings' })
export class EnableRule {
  declare readonly type: 'EnableRule';
  @IsOneOf(RULE_NAMES) ruleId!: RuleName;
  @IsFlatRecord({ optional: true, description: 'All settings of the rule; left out: its defaults' }) settings?: FlatRecord;
}

@Command({ path: 'POST /rules/:ruleId/disable', roles: LEADERS, summary: 'Switch a rule off: what it has done stays' })
export class DisableRule {
  declare readonly type: 'DisableRule';
  @IsOneOf(RULE_NAMES) ruleId!: RuleName;
  @IsText({ optional: true }) reason?: string;
}

export type AutomationCommand = EnableRule | DisableRule;
