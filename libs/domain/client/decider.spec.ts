import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { endOfDay } from '../../kernel/local-time.js';
import { clientContext } from './client.context.js';
import { ChurnClient, DownsizeClient, ExpandClient, MarkRenewalLapsed, OnboardClient, ReassignClient, RecordPurchase, RenewClient, WinBackClient, type ClientCommand } from './commands.js';
import { client } from './decider.js';
import type { ClientEvent } from './events.js';
import type { ClientFacts } from './state.js';

const clientId = 'k1';
const ownerId = 'ada';
const EARLIER = '2026-03-02T08:59:59.999Z';
const LATER = '2026-03-05T09:00:00.000Z';
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const crowns = { amountMinor: 1, currency: 'DKK' };
const facts: ClientFacts = { owner: { status: 'active', role: 'coordinator', zone: 'UTC' }, zone: 'Europe/Copenhagen' };
const march = { on: '2026-03-31', lapsesAt: '2026-03-31T22:00:00.000Z' };
const june = { on: '2026-06-30', lapsesAt: '2026-06-30T22:00:00.000Z' };

const onboarded: ClientEvent = { type: 'ClientOnboarded', data: { clientId, name: 'Roe ApS', ownerId, monthlyRevenue: eur(10_000), contact: { name: 'Kim Roe' }, renewal: march, dealId: 'd1' } };
const bought: ClientEvent = { type: 'PurchaseRecorded', data: { clientId, purchaseId: 'o-7', amount: crowns, ownerId, product: 'crates' } };
const renewed: ClientEvent = { type: 'ClientRenewed', data: { clientId, ownerId, monthlyRevenue: eur(10_000), renewal: june, from: march } };
const expanded: ClientEvent = { type: 'ClientExpanded', data: { clientId, ownerId, from: eur(10_000), to: eur(12_000), reason: 'second site' } };
const downsized: ClientEvent = { type: 'ClientDownsized', data: { clientId, ownerId, from: eur(10_000), to: eur(0), reason: 'closed a site' } };
const churned: ClientEvent = { type: 'ClientChurned', data: { clientId, ownerId, from: eur(10_000), to: eur(0), reason: 'price', note: 'asked for half' } };
const wonBack: ClientEvent = { type: 'ClientWonBack', data: { clientId, ownerId, from: eur(0), to: eur(8_000), renewal: june, dealId: 'd2' } };
const reassigned: ClientEvent = { type: 'ClientReassigned', data: { clientId, ownerId: 'bob', from: 'ada', reason: 'moved north' } };
const lapsed: ClientEvent = { type: 'RenewalLapsed', data: { clientId, ownerId, monthlyRevenue: eur(10_000), renewal: march } };

const onboard = build(OnboardClient, { clientId, name: 'Roe ApS', ownerId, monthlyRevenue: eur(10_000), renewalOn: '2026-03-31', contactName: 'Kim Roe', dealId: 'd1' });
const buy = build(RecordPurchase, { clientId, purchaseId: 'o-7', amount: crowns, product: 'crates' });
const renew = build(RenewClient, { clientId, renewalOn: '2026-06-30' });
const expand = build(ExpandClient, { clientId, monthlyRevenue: eur(12_000), reason: 'second site' });
const downsize = build(DownsizeClient, { clientId, monthlyRevenue: eur(0), reason: 'closed a site' });
const churn = build(ChurnClient, { clientId, reason: 'price', note: 'asked for half' });
const winBack = build(WinBackClient, { clientId, monthlyRevenue: eur(8_000), renewalOn: '2026-06-30', dealId: 'd2' });
const reassign = build(ReassignClient, { clientId, ownerId: 'bob', reason: 'moved north' });
const alarm = (lapsesAt: string) => build(MarkRenewalLapsed, { clientId, lapsesAt });

const { given } = deciderSpec(client, facts);

describe('a client', () => {
  it('is onboarded, to be renewed by the end of a day where the company is', () => given().when(onboard).then(onboarded));
  it('is onboarded with all that is known', () =>
    given()
      .when(build(OnboardClient, { clientId, name: 'Roe ApS', ownerId, monthlyRevenue: eur(0), contactEmail: 'kim@example.com', contactPhone: '+45 20 30 40', segment: 'retail', region: 'north', product: 'crates', leadId: 'l1' }))
      .then({ type: 'ClientOnboarded', data: { clientId, name: 'Roe ApS', ownerId, monthlyRevenue: eur(0), contact: { email: 'kim@example.com', phone: '+45 20 30 40' }, segment: 'retail', region: 'north', product: 'crates', leadId: 'l1' } }));
  it('is not onboarded twice', () => given(onboarded).when(onboard).thenRefused('client_already_exists'));
  it('needs an owner who is known', () => given().when(onboard, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () =>
    given().when(onboard, { facts: { ...facts, owner: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('owner_offboarded'));
  it('is not onboarded with a renewal day that is over', () => given().when(onboard, { occurredAt: march.lapsesAt }).thenRefused('client_renewal_in_past'));

  it('goes to another owner', () => given(onboarded).when(reassign).then(reassigned));
  it('does not go to the owner it has', () => given(onboarded, reassigned).when(reassign).thenNothing());
  it('goes to nobody unknown', () => given(onboarded).when(reassign, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('goes to another owner also once it has left, to be won back', () => given(onboarded, churned).when(reassign).then(reassigned));
  it('earns for the owner of the day', () => given(onboarded, reassigned).when(expand).then({ type: 'ClientExpanded', data: { clientId, ownerId: 'bob', from: eur(10_000), to: eur(12_000), reason: 'second site' } }));

  it('is unknown until onboarded', () => {
    for (const command of [buy, renew, expand, downsize, churn, winBack, reassign, alarm(march.lapsesAt)]) given().when(command).thenRefused('client_not_found');
  });
  it('has no history before it was onboarded', () => {
    for (const command of [buy, renew, expand, downsize, churn, winBack, reassign]) given(onboarded).when(command, { occurredAt: EARLIER }).thenRefused('client_not_yet_onboarded');
  });
});

describe("a client's revenue", () => {
  it('has purchases beside it, in any currency', () => given(onboarded).when(buy).then(bought));
  it('counts a purchase once', () => given(onboarded, bought).when(buy).thenNothing());
  it('does not take one purchase at two amounts', () => {
    for (const amount of [eur(1), { ...crowns, amountMinor: 2 }]) given(onboarded, bought).when(build(RecordPurchase, { ...buy, amount })).thenRefused('purchase_already_recorded');
  });
  it('has no purchases once the client has left', () => given(onboarded, churned).when(buy).thenRefused('client_churned'));
  it('can still learn of a purchase from before the client left', () => given(onboarded, { ...churned, occurredAt: LATER }).when(buy, { now: '2026-03-09T09:00:00.000Z', occurredAt: SPEC_NOW }).then(bought));

  it('grows', () => given(onboarded).when(expand).then(expanded));
  it('grows once', () => given(onboarded, expanded).when(expand).thenNothing());
  it('does not grow to less', () => given(onboarded).when(build(ExpandClient, { clientId, monthlyRevenue: eur(9_999) })).thenRefused('client_expansion_not_higher'));
  it('keeps its currency', () => {
    for (const command of [build(ExpandClient, { clientId, monthlyRevenue: crowns }), build(DownsizeClient, { clientId, monthlyRevenue: crowns }), build(RenewClient, { clientId, renewalOn: '2026-06-30', monthlyRevenue: crowns })]) {
      given(onboarded).when(command).thenRefused('client_currency_changed');
    }
    given(onboarded, churned).when(build(WinBackClient, { clientId, monthlyRevenue: crowns })).thenRefused('client_currency_changed');
  });

  it('shrinks, even to nothing', () => given(onboarded).when(downsize).then(downsized));
  it('shrinks once', () => given(onboarded, downsized).when(downsize).thenNothing());
  it('does not shrink to more', () => given(onboarded).when(build(DownsizeClient, { clientId, monthlyRevenue: eur(10_001) })).thenRefused('client_downsizing_not_lower'));

  it('is lost with the client', () => given(onboarded).when(churn).then(churned));
  it('is lost once', () => given(onboarded, churned).when(churn).thenNothing());
  it('keeps the reason why it was lost', () => given(onboarded, churned).when(build(ChurnClient, { clientId, reason: 'service' })).thenRefused('client_churned'));
  it('does not move once lost', () => {
    for (const command of [renew, expand, downsize]) given(onboarded, churned).when(command).thenRefused('client_churned');
  });

  it('comes back from nothing', () => given(onboarded, churned).when(winBack).then(wonBack));
  it('comes back without a renewal day: the old one is gone', () => {
    const back: ClientEvent = { type: 'ClientWonBack', data: { clientId, ownerId, from: eur(0), to: eur(8_000) } };
    given(onboarded, churned).when(build(WinBackClient, { clientId, monthlyRevenue: eur(8_000) })).then(back);
    given(onboarded, churned, back).when(alarm(march.lapsesAt), { now: march.lapsesAt }).thenNothing();
  });
  it('comes back to a renewal day of its own, which can lapse', () =>
    given(onboarded, churned, wonBack).when(alarm(june.lapsesAt), { now: june.lapsesAt }).then({ type: 'RenewalLapsed', data: { clientId, ownerId, monthlyRevenue: eur(8_000), renewal: june } }));
  it('does not come back before it was lost', () => given(onboarded, { ...churned, occurredAt: LATER }).when(winBack).thenRefused('client_won_back_before_churned'));
  it('does not come back to a renewal day that is over', () => given(onboarded, churned).when(winBack, { occurredAt: june.lapsesAt }).thenRefused('client_renewal_in_past'));
  it('does not come back when it was never lost, nor twice', () => {
    given(onboarded).when(winBack).thenRefused('client_not_churned');
    given(onboarded, churned, wonBack).when(winBack).thenRefused('client_not_churned');
  });
});

describe('a renewal', () => {
  it('moves the renewal day on', () => given(onboarded).when(renew).then(renewed));
  it('counts once', () => given(onboarded, renewed).when(renew).thenNothing());
  it('at a higher price is an expansion too', () =>
    given(onboarded)
      .when(build(RenewClient, { ...renew, monthlyRevenue: eur(11_000) }))
      .then({ type: 'ClientRenewed', data: { clientId, ownerId, monthlyRevenue: eur(11_000), renewal: june, from: march } }, { type: 'ClientExpanded', data: { clientId, ownerId, from: eur(10_000), to: eur(11_000) } }));
  it('at a lower price is a downsizing too', () =>
    given(onboarded)
      .when(build(RenewClient, { ...renew, monthlyRevenue: eur(9_000) }))
      .then({ type: 'ClientRenewed', data: { clientId, ownerId, monthlyRevenue: eur(9_000), renewal: june, from: march } }, { type: 'ClientDownsized', data: { clientId, ownerId, from: eur(10_000), to: eur(9_000) } }));
  it('can be the first', () => {
    const open: ClientEvent = { type: 'ClientOnboarded', data: { clientId, name: 'Roe ApS', ownerId, monthlyRevenue: eur(10_000), contact: {} } };
    given(open).when(renew).then({ type: 'ClientRenewed', data: { clientId, ownerId, monthlyRevenue: eur(10_000), renewal: june } });
    given(open).when(renew, { occurredAt: june.lapsesAt }).thenRefused('client_renewal_in_past');
  });
  it('goes forward, not back', () => given(onboarded, renewed).when(build(RenewClient, { clientId, renewalOn: '2026-06-29' })).thenRefused('client_renewal_not_later'));

  it('lapses when its day is over', () => given(onboarded).when(alarm(march.lapsesAt), { now: march.lapsesAt }).then(lapsed));
  it('does not lapse within its day', () => given(onboarded).when(alarm(march.lapsesAt), { now: '2026-03-31T21:59:59.999Z' }).thenRefused('client_renewal_not_yet_lapsed'));
  it('does not lapse by the alarm of an earlier day', () => given(onboarded, renewed).when(alarm(march.lapsesAt), { now: LATER }).thenNothing());
  it('lapses once', () => given(onboarded, lapsed).when(alarm(march.lapsesAt), { now: march.lapsesAt }).thenNothing());
  it('does not lapse once the client has left', () => given(onboarded, churned).when(alarm(march.lapsesAt), { now: march.lapsesAt }).thenNothing());
  it('can come late, after the lapse, and lapse again', () => {
    given(onboarded, lapsed).when(renew, { now: '2026-04-02T09:00:00.000Z' }).then(renewed);
    given(onboarded, lapsed).when(build(RenewClient, { clientId, renewalOn: '2026-03-31' })).thenRefused('client_renewal_not_later');
    given(onboarded, lapsed, renewed).when(alarm(june.lapsesAt), { now: june.lapsesAt }).then({ type: 'RenewalLapsed', data: { clientId, ownerId, monthlyRevenue: eur(10_000), renewal: june } });
  });

  it('counts a day of 23 or 25 hours when the clocks change', () => {
    expect(endOfDay('2026-03-29', 'Europe/Copenhagen')).toBe('2026-03-29T22:00:00.000Z');
    expect(endOfDay('2026-10-25', 'Europe/Copenhagen')).toBe('2026-10-25T23:00:00.000Z');
    expect(endOfDay('2026-03-31', 'America/New_York')).toBe('2026-04-01T04:00:00.000Z');
  });
});

describe('clients', () => {
  it('do once what is sent twice, after any history', () => {
    const revenue = fc.constantFrom(0, 5_000, 10_000, 20_000).map(eur);
    const day = fc.constantFrom('2026-03-03', '2026-03-31', '2026-06-30');
    const commands: fc.Arbitrary<ClientCommand> = fc.oneof(
      fc.constant(onboard),
      fc.tuple(fc.constantFrom('o-7', 'o-8'), revenue).map(([purchaseId, amount]) => build(RecordPurchase, { clientId, purchaseId, amount })),
      fc.tuple(day, fc.option(revenue, { nil: undefined })).map(([renewalOn, monthlyRevenue]) => build(RenewClient, { clientId, renewalOn, ...(monthlyRevenue && { monthlyRevenue }) })),
      revenue.map((monthlyRevenue) => build(ExpandClient, { clientId, monthlyRevenue })),
      revenue.map((monthlyRevenue) => build(DownsizeClient, { clientId, monthlyRevenue })),
      fc.constantFrom('price', 'service').map((reason) => build(ChurnClient, { clientId, reason })),
      fc.tuple(revenue, day).map(([monthlyRevenue, renewalOn]) => build(WinBackClient, { clientId, monthlyRevenue, renewalOn })),
      fc.constantFrom('ada', 'bob').map((to) => build(ReassignClient, { clientId, ownerId: to })),
      fc.constantFrom('2026-03-03T23:00:00.000Z', march.lapsesAt, june.lapsesAt).map(alarm),
    );
    holdsTwiceIsOnce(clientContext, commands, fc.constant(facts));
  });
});

describe('a client told of late', () => {
  const MIDDLE = '2026-03-03T09:00:00.000Z';
  const toCy: ClientEvent & { occurredAt: string } = { type: 'ClientReassigned', data: { clientId, ownerId: 'cy', from: 'ada' }, occurredAt: LATER };

  it('changes hands in its place in time', () => given(onboarded, toCy).when(reassign, { occurredAt: MIDDLE }).then(reassigned));
  it('stays with the owner of later', () => given(onboarded, toCy, { ...reassigned, occurredAt: MIDDLE }).when(build(ReassignClient, { clientId, ownerId: 'cy' }), { now: LATER }).thenNothing());
  it('bought from the owner of that time', () => given(onboarded, toCy).when(buy, { occurredAt: MIDDLE }).then(bought));
  it('does not move before its last movement', () => {
    for (const command of [renew, expand, downsize, churn]) given(onboarded, { ...expanded, occurredAt: LATER }).when(command, { occurredAt: MIDDLE }).thenRefused('client_out_of_order');
  });
});
