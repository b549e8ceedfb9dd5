import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { memberAdded, ruleSpec } from '../../testing/rule-spec.js';
import { assignLead, handOverLeads } from './rules.js';

const captured = (leadId: string, more: object = {}): Said => ({ type: 'LeadCaptured', data: { leadId, source: 'web', contact: {}, ...more } });
const assigned = (leadId: string, ownerId: string): Said => ({ type: 'LeadAssigned', data: { leadId, ownerId } });
const capacity = (memberId: string, openItemsMax: number): Said => ({ type: 'CapacitySet', data: { memberId, openItemsMax } });
const calendar = (memberId: string, zone: string): Said => ({ type: 'WorkCalendarSet', data: { memberId, zone, weekdays: [1, 2, 3, 4, 5], hours: { from: '09:00', to: '17:00' }, holidays: [] } });
const certified = (memberId: string, certificate: string, expiresOn?: string): Said =>
  ({ type: 'CertificationRecorded', data: { certificationId: `${memberId}.${certificate}`, memberId, certificate, issuedOn: '2025-01-01', ...(expiresOn && { expiresOn }) } });
const to = (ownerId: string) => ({ type: 'AssignLead', ownerId });

const { given } = ruleSpec(assignLead);

describe('a new lead that nobody owns', () => {
  it('goes to who has the least to do', () => given(memberAdded('ada'), memberAdded('bob'), captured('l1', { ownerId: 'ada' })).when(captured('l2')).then(to('bob')));
  it('goes to the first by id where all have as much to do', () => given(memberAdded('bob'), memberAdded('ada')).when(captured('l1')).then(to('ada')));
  it('goes to the one of its territory, however much they have to do', () =>
    given(memberAdded('ada', { region: 'North' }), memberAdded('bob'), captured('l1', { ownerId: 'ada' })).when(captured('l2', { region: 'north' })).then({ ...to('ada'), reason: 'territory north, at work then, 1 open items, the fewest of 1' }));
  it('goes to anyone where nobody has its territory', () => given(memberAdded('ada', { region: 'south' })).when(captured('l1', { region: 'north' })).then(to('ada')));
  it('goes to the one certified for its product, unless the certificate has run out', () => {
    given(memberAdded('ada'), memberAdded('bob'), certified('bob', 'Crates')).when(captured('l1', { product: 'crates' })).then(to('bob'));
    given(memberAdded('ada'), memberAdded('bob'), certified('bob', 'Crates', '2026-03-02')).when(captured('l1', { product: 'crates' })).then(to('bob'));
    given(memberAdded('ada'), memberAdded('bob'), certified('bob', 'Crates', '2026-03-01')).when(captured('l1', { product: 'crates' })).then(to('ada'));
  });
  it('goes to the one who is at work then', () =>
    given(memberAdded('ada'), calendar('ada', 'America/New_York'), memberAdded('bob'), captured('l1', { ownerId: 'bob' })).when(captured('l2')).then(to('bob')));
  it('does not go to one who has left, is away, is full or has another role', () =>
    given(
      memberAdded('ada'), { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-01T00:00:00.000Z' } },
      memberAdded('bob'), { type: 'AbsenceRecorded', data: { memberId: 'bob', firstDay: '2026-03-02', lastDay: '2026-03-02', reason: 'ill' } },
      memberAdded('cem'), capacity('cem', 1), captured('l0', { ownerId: 'cem' }), memberAdded('dee', { role: 'analyst' }), memberAdded('eve'), captured('l1', { ownerId: 'eve' }), captured('l2', { ownerId: 'eve' }),
    ).when(captured('l3')).then(to('eve')));
  it('stays where it is when nobody has room, and that is seen', () => given(memberAdded('ada'), capacity('ada', 0)).when(captured('l1')).then('nobody'));
  it('goes only to the teams named', () => ruleSpec(assignLead, { teamIds: ['north'] }).given(memberAdded('ada'), memberAdded('bob', { teamId: 'north' })).when(captured('l1')).then(to('bob')));
  it('goes by load alone where that is how the rule is set up', () =>
    ruleSpec(assignLead, { byTerritory: false, byWorkingHours: false, bySkill: false }).given(memberAdded('ada', { region: 'north' }), memberAdded('bob'), captured('l1', { ownerId: 'ada' })).when(captured('l2', { region: 'north' })).then(to('bob')));
  it('counts for its new owner before the log says so: a hundred at once are spread', () => {
    const spec = given(memberAdded('ada'), memberAdded('bob'));
    spec.when(captured('l1')).then(to('ada'));
    spec.when(captured('l2')).then(to('bob'));
    spec.when(captured('l3')).then(to('ada'));
  });
});

describe('a lead with an owner', () => {
  it('stays with them', () => given(memberAdded('ada')).when(captured('l1', { ownerId: 'ada' })).thenNothing());
});

describe('the leads of one who leaves', () => {
  const left: Said = { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-06T17:00:00.000Z' } };
  const hands = ruleSpec(handOverLeads).given(memberAdded('ada', { teamId: 'n' }), memberAdded('bob'), memberAdded('cem', { teamId: 'n' }), captured('l1', { ownerId: 'ada' }), captured('l2'), assigned('l2', 'ada'), captured('l3', { ownerId: 'bob' }), left);
  it('stay until they have left', () => hands.byNow('2026-03-06T16:59:59.999Z').thenNothing());
  it('then go to their team, once', () => {
    hands.byNow('2026-03-06T17:00:00.000Z').then({ type: 'AssignLead', leadId: 'l1', ownerId: 'cem' }, { type: 'AssignLead', leadId: 'l2', ownerId: 'cem' });
    hands.byNow('2026-03-06T17:01:00.000Z').thenNothing();
  });
  it('are not touched by an absence', () =>
    ruleSpec(handOverLeads).given(memberAdded('ada'), memberAdded('bob'), captured('l1', { ownerId: 'ada' }), { type: 'AbsenceRecorded', data: { memberId: 'ada', firstDay: '2026-03-02', lastDay: '2026-03-20', reason: 'leave' } }).byNow('2026-03-03T09:00:00.000Z').thenNothing());
  it('stay, and that is seen, where nobody is left to take them', () => ruleSpec(handOverLeads).given(memberAdded('ada'), captured('l1', { ownerId: 'ada' }), left).byNow('2026-03-07T09:00:00.000Z').then('nobody of their role'));
});
