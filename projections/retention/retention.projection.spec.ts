import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Row } from '../../libs/kernel/projection.js';
import { foldLog, rowsAt } from '../../libs/projector/fold-log.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { retention } from './retention.projection.js';

const at = (day: string): string => `2026-03-${day}T00:00:00.000Z`;
const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const client = (type: string, day: string, data: object = {}): Said<DomainEvent> => ({ type, stream: 'client-c', occurredAt: at(day), data: { clientId: 'c', ownerId: 'ada', ...data } });
const onboarded = client('ClientOnboarded', '01', { name: 'n', contact: {}, monthlyRevenue: money(100), renewal: { on: '2026-04-01', lapsesAt: at('31') } });
const incident = (type: string, day: string, data: object = {}): Said<DomainEvent> => ({ type, stream: 'case-k', occurredAt: at(day), data: { caseId: 'k', ...data } });
const opened = incident('CaseOpened', '01', { kind: 'issue', subject: { kind: 'client', id: 'c' }, ownerId: 'ada', title: 't', responseDueAt: at('03'), resolutionDueAt: at('05') });

function rowsAfter(table: string, ...said: Said<DomainEvent>[]): readonly Row[] {
  const log = new InMemoryLog();
  log.append(...said);
  return rowsAt(foldLog(retention, log.events), table);
}

describe('a client in the retention tables', () => {
  const revenue = (...said: Said<DomainEvent>[]) => rowsAfter('revenue', ...said).map(({ kind, monthly_minor, change_minor, since, until_at }) => [kind, monthly_minor, change_minor, since, until_at]);
  it('has a stretch of revenue from each movement to the next', () =>
    expect(revenue(onboarded, client('ClientExpanded', '05', { from: money(100), to: money(150) }), client('ClientChurned', '09', { from: money(150), to: money(0), reason: 'price' })))
      .toEqual([['new', 100, 100, at('01'), at('05')], ['expansion', 150, 50, at('05'), at('09')], ['churn', 0, -150, at('09'), null]]));
  it('is due for renewal only while it is active', () => {
    expect(rowsAfter('client', onboarded)).toMatchObject([{ active: true, lapses_at: at('31') }]);
    expect(rowsAfter('client', onboarded, client('ClientChurned', '09', { from: money(100), to: money(0), reason: 'price' }))).toMatchObject([{ active: false, lapses_at: null }]);
  });
  it('is looked after by one owner after another', () =>
    expect(rowsAfter('ownership', onboarded, client('ClientReassigned', '04', { ownerId: 'ben', from: 'ada' })).map(({ owner_id, since, until_at }) => [owner_id, since, until_at])).toEqual([['ada', at('01'), at('04')], ['ben', at('04'), null]]));
  it('keeps its purchases apart from its own rows', () => {
    const bought = client('PurchaseRecorded', '06', { purchaseId: 'p', amount: money(7) });
    expect(rowsAfter('purchase', onboarded, bought)).toMatchObject([{ purchase_id: 'c/p', client_id: 'c', amount_minor: 7, bought_at: at('06') }]);
    expect(revenue(onboarded, bought)).toHaveLength(1);
  });
});

describe('a case in the retention tables', () => {
  it('is resolved once for each time it was opened', () =>
    expect(rowsAfter('round', opened, incident('CaseResolved', '04', { memberId: 'ada', businessMinutes: 9, resolution: 'r' }), incident('CaseReopened', '06', { reason: 'r', resolutionDueAt: at('08') })).map(({ opened_at, due_at, resolved_at, reopened_at }) => [opened_at, due_at, resolved_at, reopened_at]))
      .toEqual([[at('01'), at('05'), at('04'), at('06')], [at('06'), at('08'), null, null]]));
  it('is answered by whoever had it when the answer came due, not by whoever took it over late', () =>
    expect(rowsAfter('case', opened, incident('CaseEscalated', '04', { ownerId: 'ben', from: 'ada', level: 1, reason: 'r' }))).toMatchObject([{ owner_id: 'ada', present_owner_id: 'ben', responded_at: null }]));
  it('puts us in touch with its client at each answer', () =>
    expect(rowsAfter('touch', opened, incident('CaseResponded', '03', { responseId: 'r', memberId: 'ada', first: true, businessMinutes: 5 }), incident('CaseResponded', '02', { responseId: 's', memberId: 'ada', first: false, businessMinutes: 5 }))).toMatchObject([{ client_id: 'c', touched_at: at('03') }]));
});
