import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContactPerson } from '../../libs/domain/lead/events.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { leadDuplicates } from './lead-duplicates.projection.js';
import { leadDuplicatesStatus, type LeadDuplicatesAnswer } from './lead-duplicates.report.js';

type Any = Said<{ type: string; data: object }>;
const lead = (leadId: string, contact: ContactPerson, company?: string): Any => ({ type: 'LeadCaptured', data: { leadId, source: 'web', contact, ...(company && { company }), ownerId: leadId.startsWith('m') ? 'bob' : 'ada' } });

const log = new InMemoryLog('2026-03-01T00:00:00.000Z');
log.append<{ type: string; data: object }>(
  lead('a1', { name: 'Bo Lind', email: 'bo@vela.example' }, 'Vela Marine AG'),
  lead('a2', { email: 'BO+fair@Vela.example', phone: '+41 44 555 01 02' }),
  lead('a3', { phone: '044 555 01 02' }),
  lead('a4', { name: 'Lind, Bó' }, 'VELA MARINE GmbH'),
  lead('d1', { phone: '+45 20 30 40 50' }),
  lead('d2', { phone: '+47 20 30 40 50' }),
  lead('m1', { email: 'kim@roe.example' }),
  lead('m2', { email: 'kim@roe.example' }),
  lead('s1', { name: 'Bo Lind' }, 'Orla'),
  lead('s2', {}, 'Vela Marine'),
  { type: 'LeadConverted', data: { leadId: 'm2', dealId: 'x' } },
  { type: 'LeadMerged', data: { leadId: 'a4', intoLeadId: 'a1' }, recordedAt: '2026-04-01T00:00:00.000Z' },
);

describe('the duplicate leads', () => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await configuredKind();
    store = await kind.empty();
    await catchUp(store, log, [leadDuplicates]);
  });
  afterAll(() => kind.stop());

  const outcome = (query: Readonly<Record<string, unknown>>) => runReport(store, leadDuplicatesStatus, query);
  const ask = async (query: Readonly<Record<string, unknown>> = {}): Promise<LeadDuplicatesAnswer> => {
    const answered = await outcome(query);
    if (!answered.ok) throw new Error(JSON.stringify(answered.errors));
    return answered.answer as unknown as LeadDuplicatesAnswer; // the answer of the report that was asked
  };
  const told = ({ groups }: LeadDuplicatesAnswer) => groups.map(({ by, into, leads }) => ({ by, into, leads: leads.map(({ leadId }) => leadId) }));

  it('hang together by any of address, number, and company and name; newest first', async () => {
    const answer = await ask();
    expect(told(answer)).toEqual([{ by: ['email'], into: 'm2', leads: ['m1', 'm2'] }, { by: ['email', 'phone'], into: 'a1', leads: ['a1', 'a2', 'a3'] }]);
    expect(answer).toMatchObject({ total: 2, surplusLeads: 3 });
  });
  it('were one more before it was merged', async () => {
    expect(told(await ask({ asOf: '2026-03-02T00:00:00Z' }))[1]).toEqual({ by: ['email', 'phone', 'company_and_name'], into: 'a1', leads: ['a1', 'a2', 'a3', 'a4'] });
  });
  it('are not those whose numbers end alike in two countries', async () => {
    expect(told(await ask({ leadId: 'd1' }))).toEqual([]);
  });
  it('are told for a lead that was just captured', async () => {
    for (const leadId of ['a1', 'a2', 'a3']) expect(told(await ask({ leadId }))).toEqual([{ by: ['email', 'phone'], into: 'a1', leads: ['a1', 'a2', 'a3'] }]);
    for (const leadId of ['s1', 's2', 'a4', 'nobody']) expect(await ask({ leadId })).toMatchObject({ total: 0, groups: [] });
  });
  it('are told for a member', async () => {
    expect(told(await ask({ ownerId: 'bob' })).map(({ leads }) => leads)).toEqual([['m1', 'm2']]);
  });
  it('come as many as asked for, and are counted whole', async () => {
    expect(await ask({ limit: '1' })).toMatchObject({ total: 2, groups: [{ into: 'm2' }] });
  });
  it('lead page by page to the last one, the totals of all on each', async () => {
    const first = await ask({ limit: '1' });
    const second = await ask({ limit: '1', cursor: first.nextCursor! });
    expect([first, second].flatMap(told).map(({ into }) => into)).toEqual(['m2', 'a1']);
    expect(second).toMatchObject({ total: 2, surplusLeads: 3, nextCursor: null });
    expect((await ask()).nextCursor).toBeNull();
  });
  it('come fifty at a time where nobody says how many', async () => {
    const many = new InMemoryLog('2026-03-01T00:00:00.000Z');
    many.append<{ type: string; data: object }>(...Array.from({ length: 120 }, (_, index) => lead(`n${index}`, { email: `n${index % 60}@roe.example` })));
    const other = await kind.empty();
    await catchUp(other, many, [leadDuplicates]);
    const page = async (query: object): Promise<LeadDuplicatesAnswer> => (await runReport(other, leadDuplicatesStatus, { ...query }) as unknown as { answer: LeadDuplicatesAnswer }).answer; // asked for with what makes sense
    const first = await page({});
    const second = await page({ cursor: first.nextCursor! });
    expect([first.groups.length, second.groups.length, first.total, second.nextCursor]).toEqual([50, 10, 60, null]);
    expect(new Set([...first.groups, ...second.groups].map(({ into }) => into)).size).toBe(60);
  });
  it('are not asked for with what makes no sense', async () => {
    for (const [name, value] of [['limit', '0'], ['limit', '501'], ['leadId', 'a b'], ['ownerId', ''.padEnd(101, 'x')], ['email', 'a@b.example'], ['cursor', 'x']]) expect(await outcome({ [name!]: value })).toMatchObject({ ok: false, errors: [{ field: name }] });
  });
});
