import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { enablement } from './enablement.projection.js';
import { enablementStatus, type EnablementAnswer } from './enablement.report.js';

type Any = Said<{ type: string; data: object }>;
const at = (day: string): string => `2026-${day}T12:00:00.000Z`;
const member = (memberId: string, teamId: string): Any => ({ type: 'MemberAdded', data: { memberId, name: memberId, role: 'coordinator', zone: 'UTC', teamId } });
const training = (trainingId: string, memberId: string, dueOn?: string): Any => ({ type: 'TrainingAssigned', data: { trainingId, memberId, course: trainingId, ...(dueOn && { dueOn }) } });
const certificate = (certificationId: string, memberId: string, name: string, expiresOn?: string): Any => ({ type: 'CertificationRecorded', data: { certificationId, memberId, certificate: name, issuedOn: '2024-01-01', ...(expiresOn && { expiresOn }) } });
const material = (materialId: string): Any => ({ type: 'MaterialPublished', data: { materialId, title: materialId, kind: 'deck' } });
const shared = (materialId: string, kind: string, id: string, occurredAt: string): Any => ({ type: 'MaterialShared', data: { materialId, subject: { kind, id }, memberId: 'ada' }, occurredAt });
const money = { amountMinor: 1, currency: 'EUR' };
const deal = (dealId: string, leadId?: string): Any => ({ type: 'DealOpened', data: { dealId, name: dealId, ownerId: 'ada', pipelineId: 'p', stage: 's', value: money, ...(leadId && { leadId }) } });
const closed = (dealId: string, outcome: string, day: string): Any => ({ type: 'DealClosed', data: { dealId, outcome, value: money, ownerId: 'ada', stage: 's' }, occurredAt: at(day) });

const log = new InMemoryLog('2026-03-01T00:00:00.000Z');
log.append<{ type: string; data: object }>(
  member('ada', 'north'), member('bob', 'north'), member('cy', 'south'), member('gone', 'north'),
  training('done', 'ada', '2026-03-10'), { type: 'TrainingCompleted', data: { trainingId: 'done', memberId: 'ada', course: 'done' } },
  training('due-today', 'ada', '2026-04-01'), training('late', 'bob', '2026-03-31'), training('any-time', 'bob'),
  certificate('old', 'ada', 'Crane', '2026-03-15'), certificate('new', 'ada', 'crane', '2026-05-31'), certificate('good', 'ada', 'Forklift'), certificate('until-then', 'ada', 'Forklift', '2026-03-01'), certificate('a-former', 'bob', 'Crane', '2026-03-01'), certificate('over', 'cy', 'Crane', '2026-03-31'), certificate('today', 'bob', 'Crane', '2026-04-01'), certificate('far', 'cy', 'Forklift', '2026-06-01'),
  material('deck'), material('story'), material('unused'),
  deal('direct'), deal('by-lead', 'l1'), deal('lost'), deal('open'), deal('too-late'), deal('long-ago'), deal('without'), deal('undone'),
  shared('deck', 'deal', 'direct', at('03-02')), shared('deck', 'deal', 'direct', at('03-03')), shared('deck', 'lead', 'l1', at('03-02')), shared('deck', 'deal', 'lost', at('03-02')), shared('deck', 'deal', 'open', at('03-02')),
  shared('story', 'deal', 'too-late', at('03-20')), shared('story', 'deal', 'long-ago', at('01-02')), shared('story', 'deal', 'undone', at('03-02')),
  closed('direct', 'won', '03-10'), closed('by-lead', 'won', '03-11'), closed('lost', 'lost', '03-12'), closed('too-late', 'won', '03-13'), closed('long-ago', 'won', '01-10'), closed('without', 'won', '03-14'),
  closed('undone', 'won', '03-15'), { type: 'DealReopened', data: { dealId: 'undone', outcome: 'won', value: money, ownerId: 'ada', stage: 's', reason: 'no' } },
  { type: 'MemberOffboarded', data: { memberId: 'gone', leftAt: at('03-20') } },
);

describe('enablement', () => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await configuredKind();
    store = await kind.empty();
    await catchUp(store, log, [enablement]);
  });
  afterAll(() => kind.stop());

  const outcome = (query: Readonly<Record<string, unknown>>) => runReport(store, enablementStatus, { asOf: '2026-04-01T12:00:00Z', ...query });
  const ask = async (query: Readonly<Record<string, unknown>> = {}): Promise<EnablementAnswer> => {
    const answered = await outcome(query);
    if (!answered.ok) throw new Error(JSON.stringify(answered.errors));
    return answered.answer as unknown as EnablementAnswer; // the answer of the report that was asked
  };

  it('counts as ready who has nothing late and nothing expired', async () => {
    const { members, ready, readiness } = await ask();
    expect({ members, ready }).toEqual({ members: 3, ready: 1 });
    const of = (memberId: string) => readiness.find((each) => each.memberId === memberId);
    expect(of('ada')).toEqual({ memberId: 'ada', ready: true, trainingsCompleted: 1, trainingsOpen: 1, trainingsLate: 0, certificatesValid: 2, certificatesExpired: 0 });
    expect(of('bob')).toEqual({ memberId: 'bob', ready: false, trainingsCompleted: 0, trainingsOpen: 2, trainingsLate: 1, certificatesValid: 1, certificatesExpired: 0 });
    expect(of('cy')).toMatchObject({ ready: false, certificatesValid: 1, certificatesExpired: 1 });
  });
  it('lists what is about to expire, the next first, and not what is held anew', async () => {
    expect((await ask()).expiring).toEqual([
      { certificationId: 'today', memberId: 'bob', certificate: 'Crane', expiresOn: '2026-04-01', daysLeft: 0 }, { certificationId: 'new', memberId: 'ada', certificate: 'crane', expiresOn: '2026-05-31', daysLeft: 60 },
    ]);
    expect((await ask({ expiringDays: '61' })).expiring.map(({ certificationId }) => certificationId)).toEqual(['today', 'new', 'far']);
  });
  it('counts material on deals that it was shown to before they were closed, also by their lead', async () => {
    const { from, to, wonDeals, wonDealsWithMaterial, materials } = await ask();
    expect({ from, to, wonDeals, wonDealsWithMaterial }).toEqual({ from: '2026-01-01', to: '2026-04-01', wonDeals: 5, wonDealsWithMaterial: 3 });
    expect(materials.map(({ materialId, shares, wonDeals: won, lostDeals, openDeals, winRate }) => [materialId, shares, won, lostDeals, openDeals, winRate])).toEqual([
      ['deck', 5, 2, 1, 1, 2 / 3], ['story', 3, 1, 0, 1, 1], ['unused', 0, 0, 0, 0, null],
    ]);
  });
  it('counts only what was closed in the period asked for', async () => {
    expect(await ask({ from: '2026-03-10', to: '2026-03-10' })).toMatchObject({ wonDeals: 1, wonDealsWithMaterial: 1, materials: [{ materialId: 'deck', wonDeals: 1, lostDeals: 0, shares: 0 }, { materialId: 'story', wonDeals: 0 }, { materialId: 'unused' }] });
  });
  it('tells of a team, of some members, and of who was there then', async () => {
    expect((await ask({ teamId: 'south' })).readiness.map(({ memberId }) => memberId)).toEqual(['cy']);
    expect((await ask({ memberId: 'ada,cy' })).readiness.map(({ memberId }) => memberId)).toEqual(['ada', 'cy']);
    expect((await ask({ asOf: '2026-03-10T00:00:00Z' })).readiness.map(({ memberId }) => memberId)).toContain('gone');
  });
  it('is not asked for with what makes no sense', async () => {
    expect(await outcome({ from: '2026-03-10', to: '2026-03-09' })).toMatchObject({ ok: false, errors: [{ field: 'to' }] });
    for (const [name, value] of [['expiringDays', '0'], ['from', '2026-02-30'], ['tz', 'Mars/Olympus'], ['memberId', 'a b'], ['teamId', 'a b'], ['course', 'x']]) expect(await outcome({ [name!]: value })).toMatchObject({ ok: false, errors: [{ field: name }] });
  });
});
