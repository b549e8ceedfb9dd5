import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { contexts } from '../../libs/domain/contexts.js';
import type { DomainEvent, EventCatalog, Instant } from '../../libs/kernel/event.js';
import { runReport } from '../../libs/projector/run-report.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { catchUp } from '../../libs/testing/caught-up.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { projectionSpec } from '../../libs/testing/projection-spec.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../coordinator-efficiency/roster.projection.js';
import { timeline, timelineDays } from './timeline.projection.js';
import { timelineStatus, type TimelineAnswer } from './timeline.report.js';
import { money, when } from './wording.js';

type Any = Said<{ type: string; data: object }>;
const at = (day: number): Instant => `2026-03-${String(day).padStart(2, '0')}T09:00:00.000Z`;
const SYSTEM = { id: 'timers', role: 'system' } as const;
const EUR = { amountMinor: 125_000, currency: 'EUR' };
const on = (day: number, stream: string, type: string, data: object, more: Partial<Any> = {}): Any => ({ type, data, stream, occurredAt: at(day), actor: { id: 'ada', role: 'coordinator' }, ...more });

const history: readonly Any[] = [
  on(1, 'lead-l1', 'LeadCaptured', { leadId: 'l1', source: 'web', contact: { name: 'Grace Hopper', email: 'grace@example.com' }, ownerId: 'ada', note: 'met Grace at the fair' }),
  on(2, 'followUp-f1', 'FollowUpScheduled', { followUpId: 'f1', subject: { kind: 'lead', id: 'l1' }, ownerId: 'ada', dueAt: at(3), graceMinutes: 0 }),
  on(3, 'followUp-f1', 'FollowUpMissed', { followUpId: 'f1', dueAt: at(3), graceMinutes: 0 }, { actor: SYSTEM }),
  on(4, 'deal-d1', 'DealOpened', { dealId: 'd1', name: 'Big one', ownerId: 'ada', pipelineId: 'p', stage: 'proposal', value: EUR, leadId: 'l1', clientId: 'acme' }),
  on(5, 'deal-d1', 'DealReassigned', { dealId: 'd1', ownerId: 'bob', from: 'ada' }, { actor: { id: 'mia', role: 'manager' } }),
  on(6, 'contract-c1', 'ContractDrafted', { contractId: 'c1', dealId: 'd1', ownerId: 'bob', dueAt: at(20) }, { actor: { id: 'bob', role: 'executive' } }),
  on(7, 'contract-c1', 'ContractSent', { contractId: 'c1' }, { actor: { id: 'bob', role: 'executive' } }),
  on(8, 'deal-d1', 'DealStageChanged', { dealId: 'd1', from: 'proposal', to: 'legal' }, { actor: SYSTEM }),
  on(9, 'client-acme', 'ClientOnboarded', { clientId: 'acme', name: 'Acme', ownerId: 'bob', monthlyRevenue: EUR, contact: {}, dealId: 'd1' }, { actor: { id: 'bob', role: 'executive' } }),
  on(10, 'client-acme', 'PurchaseRecorded', { clientId: 'acme', purchaseId: 'p1', amount: EUR, ownerId: 'bob' }, { actor: { id: 'bob', role: 'executive' } }),
  on(11, 'task-t1', 'TaskAllocated', { taskId: 't1', title: 'Unrelated', ownerId: 'cleo', dueAt: at(12) }, { actor: { id: 'cleo', role: 'coordinator' } }),
  on(13, 'policy-settings', 'PolicySet', { policyId: 'settings', settings: { zone: 'Europe/Zurich' } }, { actor: SYSTEM }),
  on(13, 'lead-l2', 'LeadScored', { leadId: 'l2', score: 5 }, { actor: SYSTEM, occurredAt: '2026-03-13T23:30:00.000Z' }),
  // Told late: it happened on the first, before the lead was captured.
  on(1, 'deal-d1', 'RoadblockRaised', { dealId: 'd1', roadblockId: 'r1', cause: 'decision_maker' }, { occurredAt: '2026-03-01T08:00:00.000Z', recordedAt: at(15), actor: { id: 'bob', role: 'executive' } }),
];

/** What others began for someone, and who is told twice at one moment to own it. */
const forDana: readonly Any[] = [
  on(2, 'member-dana', 'MemberAdded', { memberId: 'dana', name: 'Dana', email: 'dana@example.com', role: 'coordinator' }, { actor: { id: 'mia', role: 'manager' } }),
  on(3, 'task-t7', 'TaskAllocated', { taskId: 't7', title: 'For Dana', ownerId: 'dana', dueAt: at(12) }, { actor: { id: 'mia', role: 'manager' } }),
  on(4, 'task-t7', 'TaskReassigned', { taskId: 't7', ownerId: 'eli', from: 'dana' }, { actor: SYSTEM }),
  on(4, 'task-t7', 'TaskReassigned', { taskId: 't7', ownerId: 'fay', from: 'eli' }, { actor: SYSTEM }),
  on(6, 'task-t7', 'TaskCompleted', { taskId: 't7' }, { actor: SYSTEM }),
];

/** A lead that has nothing to do with the others, and its deal, of which all was told late. */
const toldLate: readonly Any[] = [
  ...[9, 10, 11].map((day) => on(day, 'lead-l9', 'LeadScored', { leadId: 'l9', score: day }, { actor: SYSTEM })),
  on(2, 'deal-d9', 'DealOpened', { dealId: 'd9', name: 'Told late', ownerId: 'zed', pipelineId: 'p', stage: 's1', value: EUR, leadId: 'l9' }, { recordedAt: at(16), actor: SYSTEM }),
  ...[3, 4, 5].map((day) => on(day, 'deal-d9', 'RoadblockRaised', { dealId: 'd9', roadblockId: `late${day}`, cause: 'legal' }, { recordedAt: at(16), actor: SYSTEM })),
];

const FORGET = 'to be forgotten';

/** Writes a text into a record, however deep. */
function put(record: Record<string, unknown>, [name, ...deeper]: string[], text: string): void {
  if (deeper.length === 0) record[name!] = text;
  else put((record[name!] ??= {}) as Record<string, unknown>, deeper, text); // what is in the way to a personal field is a record
}

describe('an entry of the timeline', () => {
  const { given } = projectionSpec(timeline);

  it('is said for every type of event there is', () => {
    const types = contexts.flatMap(({ events }) => Object.keys(events)).sort();
    expect([...timeline.events].sort()).toEqual(types);
  });
  it('says what happened in one sentence, without personal data', () =>
    given(history[0]!).thenRows('entry', { type: 'LeadCaptured', occurred_at: at(1), actor_id: 'ada', text: 'Lead captured from web, owned by ada.' }));
  it('repeats nothing of what may have to be forgotten, in any type of event', async () => {
    for (const { name, events } of contexts) {
      for (const [type, spec] of Object.entries(events as EventCatalog<DomainEvent>)) { // the list of contexts forgets what their events are
        const { data } = JSON.parse(await readFile(`test/golden/${name}/${type}.v${spec.version}.json`, 'utf8')) as { data: Record<string, unknown> };
        for (const path of spec.personal) put(data, path.split('.'), FORGET);
        given({ type, data, stream: `${name}-x` }).thenRows('entry', { text: expect.not.stringContaining(FORGET) });
      }
    }
  });
  it('names everything and everyone it is about besides its own entity and who did it, each once', () => {
    given(history[4]!).thenRows('entry', { entity_kind: 'deal', entity_id: 'd1', actor_id: 'mia' });
    given(history[4]!).thenRows('mention', { kind: 'member', id: 'bob' }, { kind: 'member', id: 'ada' });
    given({ ...history[4]!, actor: { id: 'ada', role: 'coordinator' } }).thenRows('mention', { kind: 'member', id: 'bob' });
  });
  it('says who owns its entity from then on, where it begins or changes hands', () => {
    given(history[3]!).thenRows('entry', { type: 'DealOpened', owner_id: 'ada' });
    given(history[4]!).thenRows('entry', { type: 'DealReassigned', owner_id: 'bob' });
    given(history[9]!).thenRows('entry', { type: 'PurchaseRecorded', owner_id: null });
  });
  it('names a person whose data was forgotten by what they may be', () =>
    given(on(1, 'contact-l1', 'ContactForgotten', { contactId: 'l1', reason: 'requested' }, { actor: SYSTEM })).thenRows('mention', { kind: 'lead', id: 'l1' }, { kind: 'client', id: 'l1' }, { kind: 'member', id: 'l1' }));
});

describe('the words of the timeline', () => {
  it('write amounts with the digits of their currency', () => {
    expect([money(EUR), money({ amountMinor: 1_234_567, currency: 'JPY' }), money({ amountMinor: -5, currency: 'KWD' }), money({ amountMinor: 9_007_199_254_740_991, currency: 'HUF' })]).toEqual(['EUR 1,250.00', 'JPY 1,234,567', 'KWD −0.005', 'HUF 90,071,992,547,409.91']);
  });
  it('write moments in UTC', () => expect(when('2026-03-29T01:30:00.000Z')).toBe('2026-03-29 01:30 UTC'));
});

describe('the days of the timeline', () => {
  const { given } = projectionSpec(timelineDays);
  const captured = (day: number, id: string) => on(day, `lead-${id}`, 'LeadCaptured', { leadId: id, source: 'web' });
  it('are those on which something happened, each once, also when it is told late', () => given(captured(9, 'a'), captured(7, 'b'), captured(9, 'c')).thenRows('day', { day: '2026-03-07' }, { day: '2026-03-09' }));
});

describe('the timeline report', () => {
  let kind: StoreKind;
  let store: ReadStore;
  beforeAll(async () => {
    kind = await configuredKind();
    store = await kind.empty();
    const log = new InMemoryLog('2026-03-14T00:00:00.000Z');
    log.append(...history, ...forDana, ...toldLate);
    await catchUp(store, log, [timeline, timelineDays, roster]);
  });
  afterAll(() => kind.stop());

  const ask = async (query: Readonly<Record<string, unknown>>): Promise<TimelineAnswer> => {
    const outcome = await runReport(store, timelineStatus, query);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.answer as unknown as TimelineAnswer; // the answer of the report that was asked
  };
  const types = async (query: Readonly<Record<string, unknown>>): Promise<string[]> => (await ask(query)).entries.map(({ type }) => type);

  it('tells all that happened to a lead and what became of it, newest first', async () => {
    expect(await types({ subjectKind: 'lead', subjectId: 'l1' })).toEqual(['ClientOnboarded', 'DealStageChanged', 'ContractSent', 'ContractDrafted', 'DealReassigned', 'DealOpened', 'FollowUpMissed', 'FollowUpScheduled', 'LeadCaptured', 'RoadblockRaised']);
  });
  it('tells of a client its deals and their contracts, and of a deal not what the client bought later', async () => {
    expect(await types({ subjectKind: 'client', subjectId: 'acme' })).toEqual(expect.arrayContaining(['PurchaseRecorded', 'ContractSent', 'DealOpened']));
    expect(await types({ subjectKind: 'deal', subjectId: 'd1' })).not.toContain('PurchaseRecorded');
  });
  it('tells of a member what they did, and what happened to their work while it was theirs', async () => {
    expect(await types({ memberId: 'ada' })).toEqual(['DealReassigned', 'DealOpened', 'FollowUpMissed', 'FollowUpScheduled', 'LeadCaptured', 'RoadblockRaised']);
    expect(await types({ memberId: 'bob', from: '2026-03-08' })).toEqual(['PurchaseRecorded', 'ClientOnboarded', 'DealStageChanged']);
  });
  it('tells of a member as a subject what they did and are named in, and of the engine’s doings nothing', async () => {
    expect(await types({ subjectKind: 'member', subjectId: 'ada' })).toEqual(['DealReassigned', 'DealOpened', 'FollowUpScheduled', 'LeadCaptured']);
    expect(await types({ subjectKind: 'member', subjectId: 'timers' })).toEqual([]);
    expect(await types({ memberId: 'timers' })).toEqual([]);
  });
  it('tells of a member and a subject only what is about both', async () => {
    expect(await types({ memberId: 'ada', subjectKind: 'deal', subjectId: 'd1' })).toEqual(['DealReassigned', 'DealOpened', 'RoadblockRaised']);
    expect(await types({ memberId: 'ada', subjectKind: 'deal', subjectId: 'd1', limit: '1' })).toEqual(['DealReassigned']);
    expect(await types({ memberId: 'bob', subjectKind: 'task', subjectId: 't1', limit: '1' })).toEqual([]);
  });
  it('tells of a member as a subject nothing that merely began with them', async () => expect(await types({ subjectKind: 'member', subjectId: 'dana' })).toEqual(['TaskReassigned', 'TaskAllocated', 'MemberAdded']));
  it('tells of a member and themselves what is theirs', async () => expect(await types({ memberId: 'dana', subjectKind: 'member', subjectId: 'dana' })).toEqual(['TaskReassigned', 'TaskAllocated', 'MemberAdded']));
  it('counts work as theirs whom the last event of a moment named', async () => {
    expect(await types({ memberId: 'fay' })).toEqual(['TaskCompleted', 'TaskReassigned', 'TaskReassigned']);
    expect(await types({ memberId: 'eli' })).toEqual(['TaskReassigned', 'TaskReassigned']);
  });
  it('finds the newest of a type, however much of others came after', async () => expect(await types({ memberId: 'bob', types: 'ContractDrafted,RoadblockRaised', limit: '1' })).toEqual(['ContractDrafted']));
  it('cuts days in the company’s zone where none is asked for', async () => {
    // Half past midnight of the 14th in Zurich.
    expect((await ask({ from: '2026-03-14', types: 'LeadScored' })).tz).toBe('Europe/Zurich');
    expect(await types({ from: '2026-03-14', types: 'LeadScored' })).toEqual(['LeadScored']);
    expect(await types({ from: '2026-03-14', types: 'LeadScored', tz: 'UTC' })).toEqual([]);
  });
  it('refuses half a subject, days the wrong way round, and a cursor of its own making', async () => {
    const errors = async (query: object) => { const outcome = await runReport(store, timelineStatus, { ...query }); return outcome.ok ? [] : outcome.errors.map(({ field }) => field); };
    expect(await errors({ subjectKind: 'lead' })).toEqual(['subjectKind']);
    expect(await errors({ subjectId: 'l1' })).toEqual(['subjectId']);
    expect(await errors({ from: '2026-03-02', to: '2026-03-01' })).toEqual(['to']);
    expect(await errors({ cursor: Buffer.from('["1",2]').toString('base64url') })).toEqual(['cursor']);
  });
  it('gives each entry with its event, clocks and actor', async () => {
    const { entries } = await ask({ subjectKind: 'deal', subjectId: 'd1', types: 'RoadblockRaised' });
    expect(entries).toEqual([{ eventId: expect.stringMatching(/^[0-9a-f-]{36}$/), type: 'RoadblockRaised', stream: 'deal-d1', occurredAt: '2026-03-01T08:00:00.000Z', recordedAt: at(15), actor: { id: 'bob', role: 'executive' }, text: 'Roadblock raised: decision maker.' }]);
  });
  it('pages through everything without losing or repeating an entry', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 10; page += 1) {
      const answer: TimelineAnswer = await ask({ limit: '5', ...(cursor !== null && { cursor }) });
      seen.push(...answer.entries.map(({ eventId }) => eventId));
      cursor = answer.nextCursor;
      if (cursor === null) break;
    }
    const all = history.length + forDana.length + toldLate.length;
    expect([seen.length, new Set(seen).size]).toEqual([all, all]);
  });
  it.each([{ subjectKind: 'lead', subjectId: 'l1' }, { subjectKind: 'deal', subjectId: 'd1' }, { memberId: 'ada' }, { memberId: 'bob' }, { subjectKind: 'lead', subjectId: 'l9' }, { memberId: 'zed' }])('tells the same of %j whatever the page, also what was told late', async (query) => {
    const whole = await types(query);
    for (let limit = 1; limit <= whole.length; limit += 1) expect(await types({ ...query, limit: String(limit) })).toEqual(whole.slice(0, limit));
  });
  it('knows only what was known then', async () => {
    expect(await types({ asOf: '2026-03-14T12:00:00Z', subjectKind: 'deal', subjectId: 'd1', to: '2026-03-01' })).toEqual([]);
    expect(await types({ subjectKind: 'deal', subjectId: 'd1', to: '2026-03-01' })).toEqual(['RoadblockRaised']);
  });
});
