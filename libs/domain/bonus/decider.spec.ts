import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { deciderSpec } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { bonusContext } from './bonus.context.js';
import { ApproveBonus, DefineBonusPlan, ReviseBonusPlan, type BonusCommand } from './commands.js';
import { bonusPlan, type BonusFacts } from './decider.js';
import type { BonusEvent, BonusTier } from './events.js';

const planId = 'plan-2026';
const facts: BonusFacts = { unknownMemberIds: [], currency: 'EUR' };
const quarter = { from: '2026-01-01', to: '2026-03-31' };
const tiers: readonly BonusTier[] = [{ attainmentPercentFrom: 80, rateBasisPoints: 100 }, { attainmentPercentFrom: 100, rateBasisPoints: 250 }];
const amounts: readonly BonusTier[] = [{ attainmentPercentFrom: 100, amountMinor: 50_000 }];
const terms = { memberIds: ['ada', 'ben'], tiers, capMinor: 500_000, clawback: true, effectiveFrom: '2026-01-01' };
const laterTerms = { memberIds: ['ben'], tiers: amounts, clawback: false, effectiveFrom: '2026-04-01' };
const lines = [{ label: 'booked at 2.5 %', amountMinor: 130_000, dealIds: ['d1', 'd2'] }, { label: 'reopened', amountMinor: -10_000, dealIds: ['d0'] }];

const defined: BonusEvent = { type: 'BonusPlanDefined', data: { planId, name: 'Sales 2026', metric: 'booked_value', periodKind: 'quarter', currency: 'EUR', ...terms } };
const revised: BonusEvent = { type: 'BonusPlanRevised', data: { planId, reason: 'new year', ...laterTerms } };
const approved: BonusEvent = { type: 'BonusApproved', data: { planId, memberId: 'ada', period: quarter, amount: { amountMinor: 120_000, currency: 'EUR' }, lines, approvedBy: 'max' } };

const define = build(DefineBonusPlan, { planId, name: 'Sales 2026', metric: 'booked_value', periodKind: 'quarter', ...terms, memberIds: ['ben', 'ada'] });
const revise = build(ReviseBonusPlan, { planId, reason: 'new year', ...laterTerms });
const approve = build(ApproveBonus, { planId, memberId: 'ada', period: quarter, amount: { amountMinor: 120_000, currency: 'EUR' }, lines });
const max = { actor: { id: 'max', role: 'manager' } } as const;

const { given } = deciderSpec(bonusPlan, facts);

describe('a bonus plan', () => {
  it('is defined in the company’s currency, its members in order', () => given().when(define).then(defined));
  it('is defined in a currency of its own', () => given().when(build(DefineBonusPlan, { ...define, currency: 'CHF' })).then({ type: 'BonusPlanDefined', data: { ...defined.data, currency: 'CHF' } }));
  it('pays amounts where it counts', () =>
    given().when(build(DefineBonusPlan, { ...define, metric: 'meetings_held', tiers: amounts })).then({ type: 'BonusPlanDefined', data: { ...defined.data, metric: 'meetings_held', tiers: amounts } }));
  it('pays no rate where it counts', () => given().when(build(DefineBonusPlan, { ...define, metric: 'won_deals' })).thenRefused('bonus_rate_needs_value'));
  it('is not defined twice', () => given(defined).when(define).thenRefused('bonus_plan_already_exists'));
  it('has tiers that rise', () => {
    for (const wrong of [[...tiers].reverse(), [tiers[0]!, tiers[0]!]]) given().when(build(DefineBonusPlan, { ...define, tiers: wrong })).thenRefused('bonus_tiers_not_rising');
  });
  it('is for members who are known', () => given().when(define, { facts: { ...facts, unknownMemberIds: ['ben'] } }).thenRefused('bonus_member_unknown'));

  it('is revised', () => given(defined).when(revise).then(revised));
  it('is not revised to the terms it has', () => given(defined, revised).when(revise).thenNothing());
  it('is not revised to the terms it was defined with', () => given(defined).when(build(ReviseBonusPlan, { planId, reason: 'again', ...terms, memberIds: ['ben', 'ada'] })).thenNothing());
  it('is revised back', () => given(defined, revised).when(build(ReviseBonusPlan, { planId, reason: 'back', ...terms })).then({ type: 'BonusPlanRevised', data: { planId, reason: 'back', ...terms } }));
  it('keeps tiers that rise', () => given(defined).when(build(ReviseBonusPlan, { ...revise, tiers: [...tiers].reverse() })).thenRefused('bonus_tiers_not_rising'));
  it('keeps to members who are known', () => given(defined).when(revise, { facts: { ...facts, unknownMemberIds: ['ben'] } }).thenRefused('bonus_member_unknown'));

  it('is unknown until defined', () => {
    for (const command of [revise, approve]) given().when(command).thenRefused('bonus_plan_not_found');
  });

  it.each([
    ['tiers', []], ['tiers', [{ attainmentPercentFrom: 80 }]], ['tiers', [{ attainmentPercentFrom: 80, rateBasisPoints: 1, amountMinor: 1 }]], ['tiers', [{ attainmentPercentFrom: -1, rateBasisPoints: 1 }]],
    ['tiers', [{ attainmentPercentFrom: 80, amountMinor: 0 }]], ['memberIds', []], ['capMinor', 0],
  ])('refuses wrong %s', (field, wrong) => expect(parseCommand(DefineBonusPlan, { ...define, [field]: wrong })).toMatchObject({ ok: false, errors: [{ field }] }));
});

describe('a bonus', () => {
  it('is approved line by line, by whoever sends it', () => given(defined).when(approve, max).then(approved));
  it('keeps its note', () => given(defined).when(build(ApproveBonus, { ...approve, note: 'board agreed' }), max).then({ type: 'BonusApproved', data: { ...approved.data, note: 'board agreed' } }));
  it('is approved once', () => given(defined, approved).when(approve, max).thenNothing());
  it('is not approved at another amount', () => given(defined, approved).when(build(ApproveBonus, { ...approve, amount: { amountMinor: 1, currency: 'EUR' } })).thenRefused('bonus_already_approved'));
  it('is not approved twice for one day', () => given(defined, approved).when(build(ApproveBonus, { ...approve, period: { from: '2026-03-01', to: '2026-05-31' } })).thenRefused('bonus_already_approved'));
  it('is approved for the next period', () => {
    const period = { from: '2026-04-01', to: '2026-06-30' };
    given(defined, approved).when(build(ApproveBonus, { ...approve, period }), max).then({ type: 'BonusApproved', data: { ...approved.data, period } });
  });
  it('is approved for each member', () =>
    given(defined, approved).when(build(ApproveBonus, { ...approve, memberId: 'ben' }), max).then({ type: 'BonusApproved', data: { ...approved.data, memberId: 'ben' } }));
  it('is approved for a whole period of the plan', () => {
    for (const period of [{ from: '2026-01-01', to: '2026-01-31' }, { from: '2026-01-02', to: '2026-04-01' }, { from: '2026-01-01', to: '2026-03-30' }]) given(defined).when(build(ApproveBonus, { ...approve, period })).thenRefused('bonus_period_mismatch');
  });
  it('is approved for a month or year where the plan pays by them', () => {
    for (const [periodKind, period] of [['month', { from: '2028-02-01', to: '2028-02-29' }], ['year', { from: '2026-07-01', to: '2027-06-30' }]] as const) {
      given({ type: 'BonusPlanDefined', data: { ...defined.data, periodKind } }).when(build(ApproveBonus, { ...approve, period }), max).then({ type: 'BonusApproved', data: { ...approved.data, period } });
    }
  });
  it('is not approved before the plan holds', () => given(defined).when(build(ApproveBonus, { ...approve, period: { from: '2025-10-01', to: '2025-12-31' } })).thenRefused('bonus_plan_not_effective'));
  it('is for a member whom the plan names', () => given(defined).when(build(ApproveBonus, { ...approve, memberId: 'cy' })).thenRefused('bonus_member_not_in_plan'));
  it('follows the terms in force when its period starts', () => {
    given(defined, revised).when(approve, max).then(approved);
    given(defined, revised).when(build(ApproveBonus, { ...approve, period: { from: '2026-04-01', to: '2026-06-30' } })).thenRefused('bonus_member_not_in_plan');
  });
  it('follows the terms laid down last where two hold from one day', () =>
    given(defined, { type: 'BonusPlanRevised', data: { planId, reason: 'error', ...terms, capMinor: 100_000 } }).when(approve).thenRefused('bonus_above_cap'));
  it('is in the currency of its plan', () => given(defined).when(build(ApproveBonus, { ...approve, amount: { amountMinor: 120_000, currency: 'CHF' } })).thenRefused('bonus_currency_mismatch'));
  it('is at most the cap', () => {
    const at = (amountMinor: number) => build(ApproveBonus, { ...approve, amount: { amountMinor, currency: 'EUR' }, lines: [{ label: 'all', amountMinor, dealIds: [] }] });
    given(defined).when(at(500_001)).thenRefused('bonus_above_cap');
    given(defined).when(at(500_000), max).then({ type: 'BonusApproved', data: { ...approved.data, amount: { amountMinor: 500_000, currency: 'EUR' }, lines: [{ label: 'all', amountMinor: 500_000, dealIds: [] }] } });
  });
  it('is the sum of its lines', () => given(defined).when(build(ApproveBonus, { ...approve, lines: lines.slice(0, 1) })).thenRefused('bonus_lines_do_not_sum'));

  it.each([[[]], [[{ label: ' ', amountMinor: 1, dealIds: [] }]], [[{ label: 'a', amountMinor: 1.5, dealIds: [] }]], [[{ label: 'a', amountMinor: 1, dealIds: ['d1', 'd1'] }]], [[{ label: 'a', amountMinor: 1, dealIds: Array.from({ length: 2_001 }, (_, index) => `d${index}`) }]]])(
    'refuses wrong lines', (wrong) => expect(parseCommand(ApproveBonus, { ...approve, lines: wrong })).toMatchObject({ ok: false, errors: [{ field: 'lines' }] }),
  );
});

describe('any bonus plan', () => {
  it('does once what is sent twice, after any history', () => {
    const someTerms = fc.record({ memberIds: fc.uniqueArray(fc.constantFrom('ada', 'ben', 'cy'), { minLength: 1 }), tiers: fc.constantFrom(tiers, amounts), clawback: fc.boolean(), effectiveFrom: fc.constantFrom('2026-01-01', '2026-04-01') });
    const commands: fc.Arbitrary<BonusCommand> = fc.oneof(
      someTerms.map((some) => build(DefineBonusPlan, { planId, name: 'Sales', metric: 'booked_value', periodKind: 'quarter', ...some })),
      someTerms.map((some) => build(ReviseBonusPlan, { planId, reason: 'new', ...some })),
      fc.record({ memberId: fc.constantFrom('ada', 'ben'), period: fc.constantFrom(quarter, { from: '2026-04-01', to: '2026-06-30' }, { from: '2026-03-01', to: '2026-05-31' }) }).map((some) => build(ApproveBonus, { ...approve, ...some })),
    );
    holdsTwiceIsOnce(bonusContext, commands, fc.constantFrom<BonusFacts>(facts, { ...facts, unknownMemberIds: ['ben'] }));
  });
});

describe('a bonus plan revised late', () => {
  const MIDDLE = '2026-03-05T09:00:00.000Z';
  const LATER = '2026-03-09T09:00:00.000Z';
  const halved = { ...terms, tiers: amounts };
  const anew: BonusEvent & { occurredAt: string } = { type: 'BonusPlanRevised', data: { planId, reason: 'b', ...terms, capMinor: 120_000 }, occurredAt: LATER };
  const late: BonusEvent & { occurredAt: string } = { type: 'BonusPlanRevised', data: { planId, reason: 'a', ...halved }, occurredAt: MIDDLE };

  it('takes its place among the terms', () => given(defined, anew).when(build(ReviseBonusPlan, { planId, reason: 'a', ...halved }), { occurredAt: MIDDLE }).then({ type: late.type, data: late.data })); // the spread keeps the shape
  it('keeps the terms that were laid down later', () => given(defined, anew, late).when(build(ReviseBonusPlan, { planId, reason: 'b', ...terms, capMinor: 120_000 }), { now: LATER }).thenNothing());
  it('is approved by the terms of the day', () => {
    const above = build(ApproveBonus, { ...approve, amount: { amountMinor: 130_000, currency: 'EUR' }, lines: [lines[0]!] });
    given(defined, anew).when(above, { now: LATER }).thenRefused('bonus_above_cap');
    given(defined, anew).when(above, { ...max, now: MIDDLE }).then({ type: 'BonusApproved', data: { ...approved.data, amount: { amountMinor: 130_000, currency: 'EUR' }, lines: [lines[0]!] } }); // as above
  });
  it('is not revised, nor a bonus approved, before it was defined', () => {
    for (const command of [revise, approve]) given(defined).when(command, { occurredAt: '2026-03-02T08:59:59.999Z' }).thenRefused('bonus_plan_not_yet_defined');
  });
});
