import { accept, refuse, type Decider } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { defined } from '../defined.js';
import type { FlatRecord } from '../flat-record.js';
import { BEFORE_ALL } from '../in-force.js';
import { sameJson } from '../same-json.js';
import type { AutomationCommand } from './commands.js';
import type { AutomationEvent } from './events.js';

/** `unset`: nobody has said anything of it, so that switching it off is worth a word as well. */
export type Automation =
  | { readonly status: 'unset' }
  | { readonly status: 'disabled'; readonly since: Instant }
  | { readonly status: 'enabled'; readonly since: Instant; readonly settings: FlatRecord };

/** A rule is on or off, and saying so once more is no mistake. What it did meanwhile cannot be undone by a switch dated back. */
export type AutomationRefusal = 'rule_switched_out_of_order';

export const automationRefusals: RefusalCatalog<AutomationRefusal> = {
  rule_switched_out_of_order: { kind: 'invalid', title: 'A rule cannot be switched before it was last switched; give a later occurredAt.' },
};

/** A rule that does routine work: on with its settings, or off. */
export const automation: Decider<AutomationCommand, Automation, AutomationEvent, AutomationRefusal> = {
  initial: { status: 'unset' },

  evolve(_, event) {
    switch (event.type) {
      case 'RuleEnabled': return { status: 'enabled', since: event.occurredAt ?? BEFORE_ALL, settings: event.data.settings };
      case 'RuleDisabled': return { status: 'disabled', since: event.occurredAt ?? BEFORE_ALL };
    }
  },

  decide(state, command, { occurredAt }) {
    const isLate = state.status !== 'unset' && occurredAt < state.since;
    switch (command.type) {
      case 'EnableRule': {
        const { ruleId, settings = {} } = command;
        if (state.status === 'enabled' && sameJson(state.settings, settings)) return accept();
        if (isLate) return refuse('rule_switched_out_of_order', `switched ${state.since}, said to happen ${occurredAt}`);
        return accept({ type: 'RuleEnabled', data: { ruleId, settings } });
      }
      case 'DisableRule': {
        const { ruleId, reason } = command;
        if (state.status === 'disabled') return accept();
        if (isLate) return refuse('rule_switched_out_of_order', `switched ${state.since}, said to happen ${occurredAt}`);
        return accept({ type: 'RuleDisabled', data: defined({ ruleId, reason }) });
      }
    }
  },
};
