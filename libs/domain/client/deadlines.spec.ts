import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import type { Recorded } from '../../kernel/event.js';
import { MarkRenewalLapsed } from './commands.js';
import { renewalDeadline } from './deadlines.js';
import type { ClientEvent } from './events.js';

const clientId = 'k1';
const none = { amountMinor: 0, currency: 'EUR' };
const lapsesAt = '2026-03-31T22:00:00.000Z';
const renewal = { on: '2026-03-31', lapsesAt };
const standing = { dueAt: lapsesAt, ringAt: lapsesAt };
const after = (event: ClientEvent) => renewalDeadline.after(event as Recorded<ClientEvent>); // it reads type and data alone

describe('the deadline of a renewal', () => {
  it('stands from the onboarding, the renewal and the winning back', () => {
    expect(after({ type: 'ClientOnboarded', data: { clientId, name: 'Roe ApS', ownerId: 'ada', monthlyRevenue: none, contact: {}, renewal } })).toEqual(standing);
    expect(after({ type: 'ClientRenewed', data: { clientId, ownerId: 'ada', monthlyRevenue: none, renewal } })).toEqual(standing);
    expect(after({ type: 'ClientWonBack', data: { clientId, ownerId: 'ada', from: none, to: none, renewal } })).toEqual(standing);
  });
  it('does not stand where no day was agreed', () => expect(after({ type: 'ClientOnboarded', data: { clientId, name: 'Roe ApS', ownerId: 'ada', monthlyRevenue: none, contact: {} } })).toBeNull());
  it('falls when it has lapsed or the client has left', () => {
    expect(after({ type: 'RenewalLapsed', data: { clientId, ownerId: 'ada', monthlyRevenue: none, renewal } })).toBeNull();
    expect(after({ type: 'ClientChurned', data: { clientId, ownerId: 'ada', from: none, to: none, reason: 'price' } })).toBeNull();
  });
  it('stays through all else', () => expect(after({ type: 'ClientExpanded', data: { clientId, ownerId: 'ada', from: none, to: none } })).toBeUndefined());
  it('names itself in the alarm', () => expect(renewalDeadline.command(clientId, standing, clientId)).toEqual(build(MarkRenewalLapsed, { clientId, lapsesAt })));
});
