import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { ReviseTarget, SetTarget, WithdrawTarget, type TargetCommand } from './commands.js';
import { target, type TargetFacts } from './decider.js';
import { TARGET_METRICS, TARGET_SCOPES, type TargetEvent } from './events.js';
import { targetContext } from './target.context.js';

const targetId = 'q1-ada';
const period = { from: '2026-01-15', to: '2026-03-31' };
const weights = [2, 3, 5];
const facts: TargetFacts = { member: { status: 'active', role: 'coordinator', zone: 'UTC' }, currency: 'EUR', zone: 'Europe/Zurich' };

const valueSet: TargetEvent = { type: 'TargetSet', data: { targetId, metric: 'booked_value', scope: 'member', scopeId: 'ada', period, amount: 10_000_000, currency: 'EUR', zone: 'Europe/Zurich' } };
const countSet: TargetEvent = { type: 'TargetSet', data: { targetId, metric: 'meetings_held', scope: 'team', scopeId: 'north', period, amount: 40, zone: 'Europe/Zurich' } };
const revised: TargetEvent = { type: 'TargetRevised', data: { targetId, amount: 12_000_000, from: 10_000_000, currency: 'EUR', reason: 'new territory' } };
const withdrawn: TargetEvent = { type: 'TargetWithdrawn', data: { targetId, reason: 'changed role' } };

const setValue = build(SetTarget, { targetId, metric: 'booked_value', scope: 'member', scopeId: 'ada', period, amount: 10_000_000 });
const setCount = build(SetTarget, { targetId, metric: 'meetings_held', scope: 'team', scopeId: 'north', period, amount: 40 });
const revise = build(ReviseTarget, { targetId, amount: 12_000_000, reason: 'new territory' });
const withdraw = build(WithdrawTarget, { targetId, reason: 'changed role' });

const { given } = deciderSpec(target, facts);

describe('a target', () => {
  it('is set for a member, in the company’s currency and zone', () => given().when(setValue).then(valueSet));
  it('is set for a team, a count having no currency', () => given().when(setCount, { facts: { ...facts, member: { status: 'unknown' } } }).then(countSet));
  it('is set for the company, with a currency, zone, curve and note of its own', () => {
    const more = { currency: 'CHF', zone: 'America/New_York', weights, note: 'board plan' };
    given().when(build(SetTarget, { targetId, metric: 'booked_value', scope: 'company', period, amount: 1, ...more }), { facts: { ...facts, member: { status: 'unknown' } } })
      .then({ type: 'TargetSet', data: { targetId, metric: 'booked_value', scope: 'company', period, amount: 1, ...more } });
  });
  it('is not set twice', () => given(valueSet).when(setValue).thenRefused('target_already_exists'));
  it('is not set anew once withdrawn', () => given(valueSet, withdrawn).when(setValue).thenRefused('target_already_exists'));
  it('says for which member or team', () => {
    for (const scope of ['member', 'team'] as const) given().when(build(SetTarget, { targetId, metric: 'won_deals', scope, period, amount: 5 })).thenRefused('target_scope_incomplete');
  });
  it('names nobody where it is the company’s', () => given().when(build(SetTarget, { ...setValue, scope: 'company' })).thenRefused('target_scope_company'));
  it('is for a member who is known', () => given().when(setValue, { facts: { ...facts, member: { status: 'unknown' } } }).thenRefused('target_member_unknown'));
  it('is for a member who has not left', () =>
    given().when(setValue, { facts: { ...facts, member: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('target_member_offboarded'));
  it('has a currency only for booked value', () => given().when(build(SetTarget, { ...setCount, currency: 'EUR' })).thenRefused('target_count_with_currency'));
  it('has a curve with one weight a month', () => {
    for (const wrong of [[2, 3], [2, 3, 5, 1]]) given().when(build(SetTarget, { ...setValue, weights: wrong })).thenRefused('target_weights_mismatch');
  });

  it('is revised', () => given(valueSet).when(revise).then(revised));
  it('is not revised to what it is', () => given(valueSet, revised).when(revise).thenNothing());
  it('is given another curve', () =>
    given(countSet).when(build(ReviseTarget, { targetId, amount: 40, weights, reason: 'season' })).then({ type: 'TargetRevised', data: { targetId, amount: 40, from: 40, weights, reason: 'season' } }));
  it('keeps its curve where the revision gives none', () =>
    given({ type: 'TargetSet', data: { ...countSet.data, weights } }).when(build(ReviseTarget, { targetId, amount: 50, reason: 'more' })).then({ type: 'TargetRevised', data: { targetId, amount: 50, from: 40, weights, reason: 'more' } }));
  it('is revised to a curve with one weight a month', () => given(valueSet).when(build(ReviseTarget, { ...revise, weights: [1] })).thenRefused('target_weights_mismatch'));
  it('is not revised once withdrawn', () => given(valueSet, withdrawn).when(revise).thenRefused('target_withdrawn'));

  it('is withdrawn', () => given(valueSet).when(withdraw).then(withdrawn));
  it('stays withdrawn', () => given(valueSet, withdrawn).when(withdraw).thenNothing());

  it('is unknown until set', () => {
    for (const command of [revise, withdraw]) given().when(command).thenRefused('target_not_found');
  });

  it.each([
    ['period', { from: '2026-03-31', to: '2026-01-01' }], ['period', { from: '2026-01-01', to: '2031-01-05' }], ['period', { from: '2026-01-01' }], ['amount', 0],
    ['weights', []], ['weights', [0, 0]], ['weights', [1, -1]], ['weights', [1.5]], ['currency', 'EURO'],
  ])('refuses a wrong %s', (field, wrong) => expect(parseCommand(SetTarget, { ...setValue, [field]: wrong })).toMatchObject({ ok: false, errors: [{ field }] }));

  it('does once what is sent twice, after any history', () => {
    const amount = fc.integer({ min: 1, max: 3 });
    const curve = fc.option(fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 3 }), { nil: undefined });
    const commands: fc.Arbitrary<TargetCommand> = fc.oneof(
      fc.record({ metric: fc.constantFrom(...TARGET_METRICS), scope: fc.constantFrom(...TARGET_SCOPES), amount, weights: curve }).map((fields) => build(SetTarget, { targetId, scopeId: 'ada', period, ...fields })),
      fc.record({ amount, weights: curve }).map((fields) => build(ReviseTarget, { targetId, reason: 'more', ...fields })),
      fc.constant(withdraw),
    );
    holdsTwiceIsOnce(targetContext, commands, fc.constantFrom<TargetFacts>(facts, { ...facts, member: { status: 'unknown' } }));
  });
});

describe('a target revised late', () => {
  const JUNE = '2025-06-20T08:00:00.000Z';
  const AUGUST = '2025-08-01T08:00:00.000Z';
  const SEPTEMBER = '2025-09-01T08:00:00.000Z';
  const set = { ...valueSet, occurredAt: JUNE };
  const toMore = { type: 'TargetRevised' as const, data: { targetId, amount: 30_000_000, from: 10_000_000, currency: 'EUR', reason: 'b' }, occurredAt: SEPTEMBER };
  const toLess = { type: 'TargetRevised' as const, data: { targetId, amount: 20_000_000, from: 10_000_000, currency: 'EUR', reason: 'a' }, occurredAt: AUGUST };
  const reviseTo = (amount: number) => build(ReviseTarget, { targetId, amount, reason: 'a' });

  it('starts from what was in force when it happened', () => given(set, toMore).when(reviseTo(20_000_000), { occurredAt: AUGUST }).then({ type: toLess.type, data: toLess.data }));
  it('is left as it was by a revision of later', () => given(set, toMore, toLess).when(reviseTo(30_000_000)).thenNothing());
  it('is not revised twice to the same at the same time', () => given(set, toMore, toLess).when(reviseTo(20_000_000), { occurredAt: '2025-08-20T08:00:00.000Z' }).thenNothing());
  it('keeps its present amount', () => expect([set, toMore, toLess].reduce((state, event) => target.evolve(state, event), target.initial)).toMatchObject({ amount: 30_000_000 }));
  it('is not revised before it was set', () => given(set).when(reviseTo(500), { occurredAt: '2025-06-01T08:00:00.000Z' }).thenRefused('target_not_yet_set'));
  it('is not withdrawn before it was set', () => given(set).when(withdraw, { occurredAt: '2025-06-01T08:00:00.000Z' }).thenRefused('target_not_yet_set'));
});
