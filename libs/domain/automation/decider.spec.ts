import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { deciderSpec } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { automationContext } from './automation.context.js';
import { DisableRule, EnableRule, type AutomationCommand } from './commands.js';
import { automation } from './decider.js';
import type { AutomationEvent } from './events.js';

const ruleId = 'follow_up_cadence';
const settings = { days: 3, weekdaysOnly: true, teamIds: ['north'], channel: 'call' };

const enabled: AutomationEvent = { type: 'RuleEnabled', data: { ruleId, settings } };
const plain: AutomationEvent = { type: 'RuleEnabled', data: { ruleId, settings: {} } };
const disabled: AutomationEvent = { type: 'RuleDisabled', data: { ruleId, reason: 'holidays' } };

const enable = build(EnableRule, { ruleId, settings });
const disable = build(DisableRule, { ruleId, reason: 'holidays' });

const { given } = deciderSpec(automation, {});

describe('a rule', () => {
  it('is switched on with its settings', () => given().when(enable).then(enabled));
  it('is switched on as it comes', () => given().when(build(EnableRule, { ruleId })).then(plain));
  it('is switched on once, in whatever order its settings are given', () =>
    given(enabled).when(build(EnableRule, { ruleId, settings: { channel: 'call', teamIds: ['north'], weekdaysOnly: true, days: 3 } })).thenNothing());
  it('is given other settings, which replace all it had', () => {
    given(enabled).when(build(EnableRule, { ruleId, settings: { days: 5 } })).then({ type: 'RuleEnabled', data: { ruleId, settings: { days: 5 } } });
    given(enabled).when(build(EnableRule, { ruleId })).then(plain);
  });
  it('is switched off', () => given(enabled).when(disable).then(disabled));
  it('is switched off also when nobody had switched it on', () => given().when(build(DisableRule, { ruleId })).then({ type: 'RuleDisabled', data: { ruleId } }));
  it('is switched off once', () => given(enabled, disabled).when(disable).thenNothing());
  it('is switched on again', () => given(enabled, disabled).when(enable).then(enabled));

  it('is one of those there are', () => expect(parseCommand(EnableRule, { ruleId: 'make_coffee' })).toMatchObject({ ok: false }));
  it('has settings of few, flat values', () => {
    const tooMany = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, index]));
    for (const wrong of [tooMany, [], 'days', { days: { min: 3 } }, { days: Infinity }, { 'a b': 1 }, { teamIds: ['north', 'north'] }, { teamIds: [7] }, { note: 'x'.repeat(201) }, { days: null }]) {
      expect(parseCommand(EnableRule, { ruleId, settings: wrong })).toMatchObject({ ok: false });
    }
    expect(parseCommand(EnableRule, { ruleId, settings })).toMatchObject({ ok: true, command: { settings } });
  });

  it('does once what is sent twice, after any history', () => {
    const commands: fc.Arbitrary<AutomationCommand> = fc.oneof(
      fc.constantFrom(settings, { days: 5 }, {}, undefined).map((given) => build(EnableRule, { ruleId, settings: given })),
      fc.constantFrom('holidays', undefined).map((reason) => build(DisableRule, { ruleId, reason })),
    );
    holdsTwiceIsOnce(automationContext, commands, fc.constant({}));
  });
});

describe('a rule switched late', () => {
  const EARLIER = '2026-03-02T08:59:59.999Z';

  it('is not switched before it was last switched', () => {
    given(disabled).when(enable, { occurredAt: EARLIER }).thenRefused('rule_switched_out_of_order');
    given(enabled).when(disable, { occurredAt: EARLIER }).thenRefused('rule_switched_out_of_order');
  });
});
