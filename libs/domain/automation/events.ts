import type { EventCatalog } from '../../kernel/event.js';
import type { FlatRecord } from '../flat-record.js';
import type { RuleName } from './rule-names.js';

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type AutomationEvent =
  /** `settings` are all of the rule's: those of an earlier enabling are gone. */
  | { type: 'RuleEnabled'; data: { ruleId: RuleName; settings: FlatRecord } }
  | { type: 'RuleDisabled'; data: { ruleId: RuleName; reason?: string } };

export const automationEvents: EventCatalog<AutomationEvent> = {
  RuleEnabled: { version: 1, personal: [] },
  RuleDisabled: { version: 1, personal: [] },
};
