import { accept, type Decider } from '../../kernel/decider.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { defined } from '../defined.js';
import type { FlatRecord } from '../flat-record.js';
import { sameJson } from '../same-json.js';
import type { AutomationCommand } from './commands.js';
import type { AutomationEvent } from './events.js';

/** `unset`: nobody has said anything of it, so that switching it off is worth a word as well. */
export type Automation = { readonly status: 'unset' | 'disabled' } | { readonly status: 'enabled'; readonly settings: FlatRecord };

/** A rule is on or off, and saying so once more is no mistake. */
export type AutomationRefusal = never;

export const automationRefusals: RefusalCatalog<AutomationRefusal> = {};

/** A rule that does routine work: on with its settings, or off. */
export const automation: Decider<AutomationCommand, Automation, AutomationEvent, AutomationRefusal> = {
  initial: { status: 'unset' },

  evolve(_, event) {
    switch (event.type) {
      case 'RuleEnabled': return { status: 'enabled', settings: event.data.settings };
      case 'RuleDisabled': return { status: 'disabled' };
    }
  },

  decide(state, command) {
    switch (command.type) {
      case 'EnableRule': {
        const { ruleId, settings = {} } = command;
        if (state.status === 'enabled' && sameJson(state.settings, settings)) return accept();
        return accept({ type: 'RuleEnabled', data: { ruleId, settings } });
      }
      case 'DisableRule': {
        const { ruleId, reason } = command;
        return state.status === 'disabled' ? accept() : accept({ type: 'RuleDisabled', data: defined({ ruleId, reason }) });
      }
    }
  },
};
