import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import type { MemberStanding } from '../member/facts.js';
import { ClearRoadblock, CloseDeal, MoveDealStage, OpenDeal, RaiseRoadblock, ReassignDeal, ReopenDeal, ReviseDealValue, SplitDealCredit, type DealCommand } from './commands.js';
import { dealContext } from './deal.context.js';
import { deal, type DealFacts } from './decider.js';
import { LOST_REASONS, type DealEvent } from './events.js';

const dealId = 'd1';
const EARLIER = '2026-03-02T08:59:00.000Z';
const LATER = '2026-03-09T09:00:00.000Z';
const value = { amountMinor: 1_250_000, currency: 'CHF' };
const lower = { amountMinor: 900_000, currency: 'CHF' };
const euros = { amountMinor: 900_000, currency: 'EUR' };
const rate = { to: 'EUR', perUnitMicro: 1_050_000 };
const active: MemberStanding = { status: 'active', role: 'coordinator', zone: 'UTC' };
const left: MemberStanding = { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW };
const stages = ['new', 'offer', 'talks'].map((stage) => ({ stage, name: stage, probabilityPercent: 20 }));
const facts: DealFacts = { stages, owner: active, shareMembers: new Map([['ada', active], ['ben', active]]), leadExists: true };
const shares = [{ memberId: 'ada', percent: 60 }, { memberId: 'ben', percent: 40 }];

const opened: DealEvent = { type: 'DealOpened', data: { dealId, name: 'Acme renewal', ownerId: 'ada', pipelineId: 'default', stage: 'new', value } };
const openedWithRate: DealEvent = { type: 'DealOpened', data: { ...opened.data, rate } };
const moved: DealEvent = { type: 'DealStageChanged', data: { dealId, from: 'new', to: 'talks' } };
const revised: DealEvent = { type: 'DealValueRevised', data: { dealId, value: lower, from: value, reason: 'fewer seats' } };
const reassigned: DealEvent = { type: 'DealReassigned', data: { dealId, ownerId: 'ben', from: 'ada' } };
const split: DealEvent = { type: 'DealCreditSplit', data: { dealId, shares } };
const raised: DealEvent = { type: 'RoadblockRaised', data: { dealId, roadblockId: 'r1', cause: 'legal' } };
const cleared: DealEvent = { type: 'RoadblockCleared', data: { dealId, roadblockId: 'r1' } };
const won: DealEvent = { type: 'DealClosed', data: { dealId, outcome: 'won', value, ownerId: 'ada', stage: 'new' } };
const lost: DealEvent = { type: 'DealClosed', data: { dealId, outcome: 'lost', value, ownerId: 'ada', stage: 'new', reason: 'price' } };
const reopened: DealEvent = { type: 'DealReopened', data: { dealId, outcome: 'won', value, ownerId: 'ada', stage: 'new', reason: 'order withdrawn' } };

const open = build(OpenDeal, { dealId, name: 'Acme renewal', ownerId: 'ada', value });
const move = (stage: string) => build(MoveDealStage, { dealId, stage });
const revise = build(ReviseDealValue, { dealId, value: lower, reason: 'fewer seats' });
const reassign = build(ReassignDeal, { dealId, ownerId: 'ben' });
const splitCredit = build(SplitDealCredit, { dealId, shares });
const raise = build(RaiseRoadblock, { dealId, roadblockId: 'r1', cause: 'legal' });
const clear = build(ClearRoadblock, { dealId, roadblockId: 'r1' });
const win = build(CloseDeal, { dealId, outcome: 'won' });
const lose = build(CloseDeal, { dealId, outcome: 'lost', reason: 'price' });
const reopen = build(ReopenDeal, { dealId, reason: 'order withdrawn' });

const { given } = deciderSpec(deal, facts);

describe('a deal', () => {
  it('is opened in the first stage of the default pipeline', () => given().when(open).then(opened));
  it('is opened in the stage and pipeline that are named, with all that is known of it', () => {
    const more = {
      pipelineId: 'renewals', stage: 'offer', rate, leadId: 'l1', clientId: 'c1', company: 'Acme', segment: 'mid', region: 'DACH', product: 'suite', source: 'fair', campaignId: 'm1', expectedCloseOn: '2026-06-30',
    };
    given().when(build(OpenDeal, { ...open, ...more })).then({ type: 'DealOpened', data: { dealId, name: 'Acme renewal', ownerId: 'ada', value, ...more } });
  });
  it('is not opened twice', () => given(opened).when(open).thenRefused('deal_already_exists'));
  it('needs a pipeline that is defined', () => given().when(open, { facts: { ...facts, stages: undefined } }).thenRefused('pipeline_unknown'));
  it('needs a defined pipeline even where a stage is named', () => given().when(build(OpenDeal, { ...open, stage: 'new' }), { facts: { ...facts, stages: undefined } }).thenRefused('pipeline_unknown'));
  it('needs a stage of its pipeline', () => given().when(build(OpenDeal, { ...open, stage: 'dreams' })).thenRefused('stage_unknown'));
  it('needs an owner who is known', () => given().when(open, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () => given().when(open, { facts: { ...facts, owner: left } }).thenRefused('owner_offboarded'));
  it('comes from a lead that is known, where it names one', () => given().when(build(OpenDeal, { ...open, leadId: 'l1' }), { facts: { ...facts, leadExists: false } }).thenRefused('lead_unknown'));
  it('takes no exchange rate to its own currency', () => given().when(build(OpenDeal, { ...open, rate: { to: 'CHF', perUnitMicro: 1_000_000 } })).thenRefused('deal_rate_to_own_currency'));

  it('moves on, and may skip a stage', () => given(opened).when(move('talks')).then(moved));
  it('may return to a stage', () => given(opened, moved).when(move('new')).then({ type: 'DealStageChanged', data: { dealId, from: 'talks', to: 'new' } }));
  it('does not move to the stage it is in', () => given(opened, moved).when(move('talks')).thenNothing());
  it('does not move to a stage its pipeline does not have', () => given(opened).when(move('dreams')).thenRefused('stage_unknown'));
  it('does not leave a stage before entering it', () => given(opened).when(move('talks'), { occurredAt: EARLIER }).thenRefused('stage_left_before_entered'));

  it('is worth more or less', () => given(opened).when(revise).then(revised));
  it('is worth what it is worth', () => given(opened, revised).when(revise).thenNothing());
  it('is expected to close on another day, its value untouched', () =>
    given(opened).when(build(ReviseDealValue, { dealId, expectedCloseOn: '2026-07-31' })).then({ type: 'DealValueRevised', data: { dealId, value, from: value, expectedCloseOn: '2026-07-31' } }));
  it('is expected to close when it is', () => {
    const revision = build(ReviseDealValue, { dealId, expectedCloseOn: '2026-07-31' });
    given({ type: 'DealOpened', data: { ...opened.data, expectedCloseOn: '2026-07-31' } }).when(revision).thenNothing();
    given(opened, { type: 'DealValueRevised', data: { dealId, value, from: value, expectedCloseOn: '2026-07-31' } }).when(revision).thenNothing();
  });
  it('takes another exchange rate', () =>
    given(openedWithRate).when(build(ReviseDealValue, { dealId, rate: { to: 'EUR', perUnitMicro: 1 } })).then({ type: 'DealValueRevised', data: { dealId, value, from: value, rate: { to: 'EUR', perUnitMicro: 1 } } }));
  it('keeps the exchange rate it has', () => given(openedWithRate).when(build(ReviseDealValue, { dealId, rate })).thenNothing());
  it('keeps its currency', () => given(opened).when(build(ReviseDealValue, { dealId, value: euros })).thenRefused('deal_currency_changed'));

  it('changes hands', () => given(opened).when(reassign).then(reassigned));
  it('changes hands for a reason', () => given(opened).when(build(ReassignDeal, { ...reassign, reason: 'on leave' })).then({ type: 'DealReassigned', data: { dealId, ownerId: 'ben', from: 'ada', reason: 'on leave' } }));
  it('stays with the owner it has', () => given(opened, reassigned).when(reassign).thenNothing());
  it('is not given to someone unknown', () => given(opened).when(reassign, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('is not given to someone who has left', () => given(opened).when(reassign, { facts: { ...facts, owner: left } }).thenRefused('owner_offboarded'));

  it('has its credit split', () => given(opened).when(splitCredit).then(split));
  it('keeps a split that already stands, in whatever order', () => given(opened, split).when(build(SplitDealCredit, { dealId, shares: [...shares].reverse() })).thenNothing());
  it('shares out 100 percent, no more and no less', () => {
    for (const percent of [39, 41]) given(opened).when(build(SplitDealCredit, { dealId, shares: [shares[0]!, { memberId: 'ben', percent }] })).thenRefused('credit_not_100_percent');
  });
  it('gives each member one share', () => given(opened).when(build(SplitDealCredit, { dealId, shares: [shares[0]!, { memberId: 'ada', percent: 40 }] })).thenRefused('credit_member_twice'));
  it('gives no share to someone unknown', () => given(opened).when(splitCredit, { facts: { ...facts, shareMembers: new Map([['ada', active]]) } }).thenRefused('credit_member_unknown'));
  it('gives no share to someone who has left', () => given(opened).when(splitCredit, { facts: { ...facts, shareMembers: new Map<string, MemberStanding>([['ada', active], ['ben', left]]) } }).thenRefused('credit_member_offboarded'));

  it('is held up by a roadblock', () => given(opened).when(raise).then(raised));
  it('is held up by two roadblocks of one cause', () => given(opened, raised).when(build(RaiseRoadblock, { ...raise, roadblockId: 'r2', note: 'second clause' })).then({ type: 'RoadblockRaised', data: { dealId, roadblockId: 'r2', cause: 'legal', note: 'second clause' } }));
  it('is held up by a roadblock once', () => given(opened, raised).when(raise).thenRefused('roadblock_already_raised'));
  it('is not held up again by one that was cleared', () => given(opened, raised, cleared).when(raise).thenRefused('roadblock_already_raised'));
  it('has its roadblock cleared', () => given(opened, raised).when(clear).then(cleared));
  it('keeps the note of how its roadblock was cleared', () => given(opened, raised).when(build(ClearRoadblock, { ...clear, note: 'signed off' })).then({ type: 'RoadblockCleared', data: { dealId, roadblockId: 'r1', note: 'signed off' } }));
  it('has its roadblock cleared once', () => given(opened, raised, cleared).when(clear).thenRefused('roadblock_already_cleared'));
  it('has no roadblock cleared that was never raised', () => given(opened).when(clear).thenRefused('roadblock_unknown'));

  it('is won at the value it has', () => given(opened).when(win).then(won));
  it('is won at another value, with owner, stage, shares and rate as they stand', () =>
    given(openedWithRate, moved, split, reassigned).when(build(CloseDeal, { dealId, outcome: 'won', value: lower, note: 'signed at the fair' }))
      .then({ type: 'DealClosed', data: { dealId, outcome: 'won', value: lower, ownerId: 'ben', stage: 'talks', shares, rate, note: 'signed at the fair' } }));
  it('is lost for a reason', () => given(opened).when(lose).then(lost));
  it('is not lost without a reason', () => given(opened).when(build(CloseDeal, { dealId, outcome: 'lost' })).thenRefused('lost_without_reason'));
  it('is not won for a reason to lose it', () => given(opened).when(build(CloseDeal, { dealId, outcome: 'won', reason: 'price' })).thenRefused('won_with_lost_reason'));
  it('is not won in another currency', () => given(opened).when(build(CloseDeal, { dealId, outcome: 'won', value: euros })).thenRefused('deal_currency_changed'));
  it('is not closed before it was opened', () => given(opened).when(win, { occurredAt: EARLIER }).thenRefused('closed_before_opened'));
  it('is not closed before it entered its stage', () => given({ ...opened, occurredAt: EARLIER }, moved).when(win, { occurredAt: EARLIER }).thenRefused('stage_left_before_entered'));
  it('is beyond change once closed', () => {
    for (const command of [move('talks'), revise, reassign, splitCredit, raise, clear, win, lose]) given(opened, raised, won).when(command).thenRefused('deal_already_closed');
  });

  it('is reopened in the stage it was closed in', () => given(opened, won).when(reopen).then(reopened));
  it('is reopened in another stage, with its shares', () =>
    given(opened, split, won).when(build(ReopenDeal, { ...reopen, stage: 'offer' })).then({ type: 'DealReopened', data: { dealId, outcome: 'won', value, ownerId: 'ada', stage: 'offer', shares, reason: 'order withdrawn' } }));
  it('is not reopened in a stage its pipeline does not have', () => given(opened, won).when(build(ReopenDeal, { ...reopen, stage: 'dreams' })).thenRefused('stage_unknown'));
  it('is reopened in its stage even where the pipeline has since lost it', () => given(opened, won).when(reopen, { facts: { ...facts, stages: [] } }).then(reopened));
  it('is not reopened before it was closed', () => given(opened, won).when(reopen, { occurredAt: EARLIER }).thenRefused('reopened_before_closed'));
  it('is not reopened while open', () => given(opened).when(reopen).thenRefused('deal_not_closed'));
  it('is reopened once', () => given(opened, won, reopened).when(reopen).thenRefused('deal_not_closed'));
  it('is closed again at the last rate given, be it that of the closing before', () =>
    given(openedWithRate, { type: 'DealClosed', data: { ...won.data, rate: { to: 'EUR', perUnitMicro: 2 } } }, reopened).when(win).then({ type: 'DealClosed', data: { ...won.data, rate: { to: 'EUR', perUnitMicro: 2 } } }));
  it('can be closed again after reopening', () => given(opened, won, { ...reopened, occurredAt: LATER }).when(lose, { occurredAt: LATER }).then(lost));

  it('is unknown until opened', () => {
    for (const command of [move('talks'), revise, reassign, splitCredit, raise, clear, win, reopen]) given().when(command).thenRefused('deal_not_found');
  });

  it.each([
    [OpenDeal, 'rate', { to: 'EURO', perUnitMicro: 1 }], [OpenDeal, 'rate', { to: 'EUR', perUnitMicro: 0 }], [SplitDealCredit, 'shares', []], [SplitDealCredit, 'shares', [{ memberId: 'ada', percent: 0 }]],
    [SplitDealCredit, 'shares', [{ memberId: 'ada', percent: 50.5 }]], [SplitDealCredit, 'shares', Array.from({ length: 21 }, (_, index) => ({ memberId: `m${index}`, percent: 1 }))],
  ])('is spelt properly: %p refuses a wrong %s', (command, field, wrong) => {
    const parsed = parseCommand<DealCommand>(command, { ...open, shares, [field]: wrong });
    expect(parsed.ok ? [] : parsed.errors.map((error) => error.field)).toContain(field);
  });

  it('does once what is sent twice, after any history', () => {
    const money = fc.constantFrom(value, lower, euros);
    const stage = fc.constantFrom('new', 'offer', 'talks', 'dreams');
    const roadblockId = fc.constantFrom('r1', 'r2', 'r3');
    const commands: fc.Arbitrary<DealCommand> = fc.oneof(
      fc.record({ value: money, stage }, { requiredKeys: ['value'] }).map((fields) => build(OpenDeal, { ...open, ...fields })),
      stage.map(move),
      fc.record({ value: money, rate: fc.constant(rate), expectedCloseOn: fc.constantFrom('2026-06-30', '2026-07-31') }, { requiredKeys: [] }).map((fields) => build(ReviseDealValue, { dealId, ...fields })),
      fc.constantFrom('ada', 'ben').map((ownerId) => build(ReassignDeal, { dealId, ownerId })),
      fc.integer({ min: 1, max: 99 }).map((percent) => build(SplitDealCredit, { dealId, shares: [{ memberId: 'ada', percent }, { memberId: 'ben', percent: 100 - percent }] })),
      roadblockId.map((id) => build(RaiseRoadblock, { ...raise, roadblockId: id })),
      roadblockId.map((id) => build(ClearRoadblock, { ...clear, roadblockId: id })),
      fc.record({ outcome: fc.constantFrom('won' as const, 'lost' as const), reason: fc.constantFrom(...LOST_REASONS), value: money }, { requiredKeys: ['outcome'] }).map((fields) => build(CloseDeal, { dealId, ...fields })),
      fc.option(stage, { nil: undefined }).map((to) => build(ReopenDeal, { ...reopen, ...(to && { stage: to }) })),
    );
    holdsTwiceIsOnce(dealContext, commands, fc.constantFrom(facts, { ...facts, owner: left }));
  });
});

describe('a deal told of late', () => {
  const later = (event: DealEvent) => ({ ...event, occurredAt: LATER });
  const MIDDLE = '2026-03-05T09:00:00.000Z';
  const higher = { amountMinor: 2_000_000, currency: 'CHF' };
  const raisedLater = later({ type: 'DealValueRevised', data: { dealId, value: higher, from: value } });
  const lowered: DealEvent & { occurredAt: string } = { ...revised, occurredAt: MIDDLE };

  it('is revised in its place in time', () => given(opened, raisedLater).when(revise, { occurredAt: MIDDLE }).then(revised));
  it('keeps the value of later', () => given(opened, raisedLater, lowered).when(build(ReviseDealValue, { dealId, value: higher }), { now: LATER }).thenNothing());
  it('changes hands in its place in time', () => {
    const toCy = later({ type: 'DealReassigned', data: { dealId, ownerId: 'cy', from: 'ada' } });
    given(opened, toCy).when(reassign, { occurredAt: MIDDLE }).then(reassigned);
    given(opened, toCy, { ...reassigned, occurredAt: MIDDLE }).when(build(ReassignDeal, { dealId, ownerId: 'cy' }), { now: LATER }).thenNothing();
  });
  it('is split in its place in time', () => {
    const half: DealEvent = { type: 'DealCreditSplit', data: { dealId, shares: [{ memberId: 'ada', percent: 50 }, { memberId: 'ben', percent: 50 }] } };
    given(opened, later(half), { ...split, occurredAt: MIDDLE }).when(build(SplitDealCredit, half.data), { now: LATER }).thenNothing();
  });
  it('is closed with the value, owner and shares of that time', () =>
    given(opened, lowered, raisedLater, later(reassigned), later(split)).when(win, { occurredAt: MIDDLE })
      .then({ type: 'DealClosed', data: { dealId, outcome: 'won', value: lower, ownerId: 'ada', stage: 'new' } }));
  it('is reopened with what its closing said', () =>
    given(opened, later(reassigned), { ...won, occurredAt: MIDDLE }).when(reopen, { now: LATER }).then(reopened));
  it('changes in nothing before it was opened', () => {
    for (const command of [revise, reassign, splitCredit, raise, clear]) given(opened).when(command, { occurredAt: EARLIER }).thenRefused('deal_not_yet_opened');
  });
});
