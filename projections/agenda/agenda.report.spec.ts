import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../libs/kernel/event.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../coordinator-efficiency/roster.projection.js';
import { agenda } from './agenda.projection.js';
import { agendaStatus, type AgendaAnswer } from './agenda.report.js';

type Any = Said<{ type: string; data: object }>;
const at = (day: string, hour = 9): Instant => `2026-${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const FOLLOW_UPS = 200;

const followUp = (number: number): Any => ({
  type: 'FollowUpScheduled',
  // Ten a day, all at the same moment: only the id tells them apart.
  data: { followUpId: `f${String(number).padStart(3, '0')}`, subject: { kind: 'deal', id: number % 2 === 0 ? 'd1' : 'd2' }, ownerId: 'ada', dueAt: new Date(Date.UTC(2026, 2, 20 + Math.floor(number / 10), 8)).toISOString(), graceMinutes: 0 },
});
const deal = (dealId: string): Any => ({ type: 'DealOpened', data: { dealId, name: `Deal ${dealId}`, ownerId: 'ada', pipelineId: 'p', stage: 's', value: { amountMinor: 1, currency: 'EUR' } } });

const log = new InMemoryLog(at('03-01'));
log.append<{ type: string; data: object }>(
  { type: 'PolicySet', data: { policyId: 'settings', settings: { zone: 'Europe/Zurich' } } },
  { type: 'MemberAdded', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'America/New_York', teamId: 'north' } },
  { type: 'MemberAdded', data: { memberId: 'bob', name: 'Bob', role: 'executive', zone: 'UTC', teamId: 'north' } },
  { type: 'WorkCalendarSet', data: { memberId: 'bob', zone: 'Europe/Zurich', weekdays: [1], hours: { from: '09:00', to: '17:00' }, holidays: [] } },
  deal('d1'), deal('d2'),
  { type: 'RoadblockRaised', data: { dealId: 'd2', roadblockId: 'r1', cause: 'legal' }, occurredAt: at('02-27') },
  ...Array.from({ length: FOLLOW_UPS }, (_, number) => followUp(number)),
  { type: 'TaskAllocated', data: { taskId: 't1', title: 'Send the list', ownerId: 'bob', dueAt: at('03-28', 23) } },
  { type: 'ContractDrafted', data: { contractId: 'c1', dealId: 'd1', ownerId: 'bob', dueAt: at('03-30') } },
  { type: 'ContractSent', data: { contractId: 'c1' }, occurredAt: at('03-02') },
  { type: 'CaseOpened', data: { caseId: 'k1', kind: 'issue', subject: { kind: 'deal', id: 'd2' }, ownerId: 'bob', title: 'Wrong invoice', responseDueAt: at('03-27'), resolutionDueAt: at('04-02') } },
  // On the day of which the first is recorded, f000 is done.
  { type: 'FollowUpCompleted', data: { followUpId: 'f000', outcome: 'reached' }, recordedAt: at('03-20', 10) },
  { type: 'FollowUpMissed', data: { followUpId: 'f001', dueAt: at('03-20', 8), graceMinutes: 0 } },
  { type: 'MemberMovedToTeam', data: { memberId: 'bob', teamId: 'south' }, recordedAt: at('03-25') },
);

describe('the agenda', () => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await configuredKind();
    store = await kind.empty();
    await catchUp(store, log, [agenda, roster]);
  });
  afterAll(() => kind.stop());

  const NOON = '2026-03-28T12:00:00Z';
  const outcome = (query: Readonly<Record<string, unknown>>) => runReport(store, agendaStatus, { asOf: NOON, ...query });
  const ask = async (query: Readonly<Record<string, unknown>>): Promise<AgendaAnswer> => {
    const answered = await outcome(query);
    if (!answered.ok) throw new Error(JSON.stringify(answered.errors));
    return answered.answer as unknown as AgendaAnswer; // the answer of the report that was asked
  };

  it('gives a coordinator with 200 follow-ups all of them, page by page, in the order they are due', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 10; page += 1) {
      const answer: AgendaAnswer = await ask({ memberId: 'ada', limit: '30', ...(cursor !== null && { cursor }) });
      expect(answer.total).toBe(199);
      seen.push(...answer.items.map(({ dueAt, id }) => `${dueAt} ${id}`));
      cursor = answer.nextCursor;
      if (cursor === null) break;
    }
    expect([seen.length, new Set(seen).size, seen]).toEqual([199, 199, [...seen].sort()]);
  });
  it('counts what is late, due today and blocked', async () => {
    // f001 to f089 were due by eight on the 28th; that day has no more of them to come.
    expect(await ask({ memberId: 'ada' })).toMatchObject({ tz: 'America/New_York', from: '2026-03-28', total: 199, late: 89, dueToday: 0, blocked: 100 });
    expect(await ask({ memberId: 'ada', asOf: '2026-03-20T09:00:00Z' })).toMatchObject({ total: 200, late: 10 });
  });
  it('says what it is about, how late it is, and what is in its way', async () => {
    const { items } = await ask({ memberId: 'ada', limit: '2', asOf: '2026-03-21T08:30:00Z' });
    expect(items).toMatchObject([{ id: 'f001', late: true, lateMinutes: 1_470, subject: { kind: 'deal', id: 'd2', title: 'Deal d2' }, blockedBy: [{ cause: 'legal', since: at('02-27') }] }, { id: 'f002', blockedBy: [] }]);
  });
  it('knows by whom a contract is waited for, and that a case about a blocked deal is blocked', async () => {
    const { items } = await ask({ memberId: 'bob' });
    expect(items.map(({ kind: what, blockedBy }) => [what, blockedBy.map(({ cause }) => cause)])).toEqual([['case_response', ['legal']], ['task', []], ['contract', ['waiting_on_client']], ['case_resolution', ['legal']]]);
  });
  it('cuts days in the zone asked for', async () => {
    const day = { memberId: 'bob', kinds: 'task', from: '2026-03-28', to: '2026-03-28', includeLate: 'false' };
    expect((await ask({ ...day, tz: 'UTC' })).total).toBe(1);
    // Eleven at night in UTC is midnight of the 29th in Zurich, the day on which its clocks change.
    expect((await ask(day)).total).toBe(0);
    expect((await ask({ ...day, from: '2026-03-29', to: '2026-03-29' })).total).toBe(1);
  });
  it('leaves out what is late when told to', async () => {
    expect((await ask({ memberId: 'ada', includeLate: 'false' })).items[0]).toMatchObject({ id: 'f080', late: true });
    expect((await ask({ memberId: 'ada', includeLate: 'false', from: '2026-03-29' })).items[0]).toMatchObject({ id: 'f090', late: false });
  });
  it('finds what is due about a subject, of some kinds', async () => {
    expect((await ask({ subjectKind: 'deal', subjectId: 'd1', kinds: 'contract,task' })).items.map(({ id }) => id)).toEqual(['c1']);
  });
  it('cuts days in the zone of the one member asked for: of their calendar, or the one they joined in', async () => {
    expect((await ask({ memberId: 'ada' })).tz).toBe('America/New_York');
    expect((await ask({ memberId: 'bob' })).tz).toBe('Europe/Zurich');
    expect((await ask({ memberId: 'ada,bob' })).tz).toBe('Europe/Zurich');
    expect((await ask({ memberId: 'nobody' })).tz).toBe('Europe/Zurich');
    expect((await ask({ memberId: 'ada', tz: 'UTC' })).tz).toBe('UTC');
  });
  it('is that of the members a team has at the moment asked for', async () => {
    expect((await ask({ team: 'south' })).byKind.map(({ kind: what, total }) => [what, total])).toEqual([['case_resolution', 1], ['case_response', 1], ['contract', 1], ['task', 1]]);
    expect((await ask({ team: 'south', asOf: '2026-03-24T12:00:00Z' })).total).toBe(0);
    expect((await ask({ team: 'north', memberId: 'bob' })).total).toBe(0);
  });
  it('can be asked for what stands in one way or another', async () => {
    const ids = async (states: string, more: object = {}): Promise<string[]> => (await ask({ memberId: 'bob', states, ...more })).items.map(({ kind: what }) => what);
    expect([await ids('late'), await ids('today'), await ids('later'), await ids('late,today')]).toEqual([['case_response'], [], ['task', 'contract', 'case_resolution'], ['case_response']]);
    expect(await ids('today', { tz: 'UTC' })).toEqual(['task']);
    expect(await ids('blocked')).toEqual(['case_response', 'contract', 'case_resolution']);
    expect(await ask({ states: 'missed' })).toMatchObject({ total: 1, missed: 1, items: [{ id: 'f001', missed: true }] });
    expect((await ask({ memberId: 'ada', states: 'late,blocked' })).total).toBe(89 + 55); // of the 110 to come, the odd ones are blocked
  });
  it('refuses half a subject, days the wrong way round, and an unknown state', async () => {
    expect(await outcome({ subjectId: 'd1' })).toMatchObject({ ok: false, errors: [{ field: 'subjectId' }] });
    expect(await outcome({ from: '2026-03-02', to: '2026-03-01' })).toMatchObject({ ok: false, errors: [{ field: 'to' }] });
    expect(await outcome({ states: 'lazy' })).toMatchObject({ ok: false, errors: [{ field: 'states' }] });
  });
  it('refuses a kind and a cursor that it does not know', async () => {
    expect(await outcome({ kinds: 'party' })).toMatchObject({ ok: false, errors: [{ field: 'kinds' }] });
    expect(await outcome({ cursor: 'abc' })).toMatchObject({ ok: false, errors: [{ field: 'cursor' }] });
  });
});
