import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngine, type Engine } from '../../apps/server/src/engine.js';
import { DefineBonusPlan } from '../../libs/domain/bonus/commands.js';
import { ExpandClient, OnboardClient } from '../../libs/domain/client/commands.js';
import { CloseDeal, OpenDeal } from '../../libs/domain/deal/commands.js';
import { CaptureLead, QualifyLead } from '../../libs/domain/lead/commands.js';
import { AddMember } from '../../libs/domain/member/commands.js';
import { SetPolicy } from '../../libs/domain/policy/commands.js';
import { RecordSurveyAnswer, SendSurvey } from '../../libs/domain/survey/commands.js';
import { SetTarget } from '../../libs/domain/target/commands.js';
import type { CommandClass, CommandFields, CommandMessage } from '../../libs/kernel/command.js';
import { aRoleFor, fieldOf, requestOf, type Step } from '../support/api.js';
import { euros } from './samples/scene.js';

const NAMES = ['funnel', 'target-attainment', 'bonus-accrual', 'retention'];
const january = { from: '2026-01-01', to: '2026-01-31' };
const on = (day: string): string => `2026-01-${day}T09:00:00Z`;
const step = <C extends CommandMessage>(command: CommandClass<C>, fields: CommandFields<C>, occurredAt: string): Step => ({ command, fields: { ...fields }, occurredAt });

/** A January: one lead won, one deal open, one client that grew, one survey answered, one target and one bonus plan. */
const story: readonly Step[] = [
  step(SetPolicy, { zone: 'Europe/Zurich', currency: 'EUR' }, on('01')),
  step(AddMember, { memberId: 'ada', name: 'Ada Quist', role: 'executive', zone: 'Europe/Zurich', teamId: 'north' }, on('01')),
  step(OnboardClient, { clientId: 'vela', name: 'Vela Marine', ownerId: 'ada', monthlyRevenue: euros(500) }, '2025-12-01T09:00:00Z'),
  step(SetTarget, { targetId: 'all-january', metric: 'booked_value', scope: 'company', period: january, amount: 2_000_000, currency: 'EUR', zone: 'Europe/Zurich' }, on('02')),
  step(SetTarget, { targetId: 'ada-january', metric: 'booked_value', scope: 'member', scopeId: 'ada', period: january, amount: 1_000_000, currency: 'EUR', zone: 'Europe/Zurich' }, on('02')),
  step(DefineBonusPlan, { planId: 'sales', name: 'Sales', metric: 'booked_value', periodKind: 'month', currency: 'EUR', memberIds: ['ada'], tiers: [{ attainmentPercentFrom: 0, rateBasisPoints: 500 }, { attainmentPercentFrom: 100, rateBasisPoints: 1_000 }], clawback: true, effectiveFrom: '2026-01-01' }, on('02')),
  step(CaptureLead, { leadId: 'l1', source: 'fair', company: 'Vela Marine', ownerId: 'ada' }, on('05')),
  step(QualifyLead, { leadId: 'l1' }, on('06')),
  step(OpenDeal, { dealId: 'd1', name: 'Fleet', ownerId: 'ada', value: euros(12_000), leadId: 'l1', clientId: 'vela' }, on('08')),
  step(OpenDeal, { dealId: 'd2', name: 'Harbour', ownerId: 'ada', value: euros(4_000), clientId: 'vela', expectedCloseOn: '2026-01-31' }, on('09')),
  step(ExpandClient, { clientId: 'vela', monthlyRevenue: euros(700) }, on('15')),
  step(CloseDeal, { dealId: 'd1', outcome: 'won' }, on('20')),
  step(SendSurvey, { surveyId: 's1', kind: 'csat', subject: { kind: 'client', id: 'vela' }, ownerId: 'ada' }, on('21')),
  step(RecordSurveyAnswer, { surveyId: 's1', score: 5 }, on('22')),
];

let engine: Engine;
let dataDir: string;
let lastPosition = -1;

async function call(method: string, path: string, body?: unknown, role = 'manager'): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${engine.url}${path}`, { method, headers: { 'Pipeledger-Role': role, 'Pipeledger-Actor': 'suite', 'Content-Type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: answer.status, body: await answer.json() };
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-reports-'));
  engine = await startEngine({ host: '127.0.0.1', port: 0, dataDir });
  for (const each of story) {
    const { method, path, body } = requestOf(each);
    const answer = await call(method, path, body, aRoleFor(each.command));
    expect({ command: each.command.name, ...answer }).toMatchObject({ command: each.command.name, status: expect.any(Number), body: { position: expect.any(Number) } });
    lastPosition = Math.max(lastPosition, Number(fieldOf(answer.body, 'position')));
  }
});

afterAll(async () => {
  await engine.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** A report that holds all that was written above. */
const report = async (name: string, query: Readonly<Record<string, string>>): Promise<unknown> => {
  const { status, body } = await call('GET', `/v1/reports/${name}?${new URLSearchParams({ ...query, minPosition: String(lastPosition) }).toString()}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};

describe('the sales reports over HTTP', () => {
  it('tell of a won lead in the funnel, with the target and its coverage beside', async () => {
    expect(await report('funnel', { ...january, compare: 'previous' })).toMatchObject({
      definition: { name: 'funnel', version: 3 }, period: { ...january, tz: 'Europe/Zurich' },
      groups: [{
        group: 'all', winRate: { won: 1, byCount: { numerator: 1, denominator: 1, value: 1 }, byValue: [{ currency: 'EUR', numerator: 1_200_000 }] }, cohortConversion: { size: 2 }, sources: [{ source: 'fair', leads: 1, won: 1, wonValues: [{ amountMinor: 1_200_000 }] }],
        targets: [{ targetId: 'all-january', amount: 2_000_000, booked: 1_200_000, open: 400_000, coverage: { numerator: 400_000, denominator: 800_000, value: 0.5 } }],
      }],
      previous: { period: { from: '2025-12-01', to: '2025-12-31' }, groups: [{ winRate: { byCount: { value: null } } }] },
    });
  });
  it('say how far targets are attained', async () => {
    expect(await report('target-attainment', { ...january, scope: 'member' })).toMatchObject({ total: 1, targets: [{ targetId: 'ada-january', status: 'over', booked: 1_200_000, attainment: { value: 1.2 }, pipeline: { open: 400_000, deals: 1 }, coverage: { value: null } }] });
  });
  it('accrue the bonus, each line naming its deals', async () => {
    expect(await report('bonus-accrual', { on: '2026-01-15' })).toMatchObject({ bonuses: [{ memberId: 'ada', attainment: { value: 1.2 }, accrued: 70_000, lines: [{ amountMinor: 50_000, dealIds: ['d1'] }, { amountMinor: 20_000, dealIds: ['d1'] }] }] });
  });
  it('show which clients and how much of their revenue stayed, and how content they are', async () => {
    expect(await report('retention', january)).toMatchObject({
      groups: [{ rates: { logoRetention: { numerator: 1, denominator: 1, value: 1 }, revenue: [{ currency: 'EUR', startMinor: 50_000, expansionMinor: 20_000, grr: { value: 1 }, nrr: { value: 1.4 } }] }, satisfaction: { csat: { numerator: 1, denominator: 1 }, responseRate: { value: 1 } } }],
    });
  });
  it.each(NAMES)('%s answers as of a moment before anything was known', async (name) => {
    const { status, body } = await call('GET', `/v1/reports/${name}?asOf=2020-01-01T00:00:00Z`);
    expect({ status, asOf: fieldOf(body, 'asOf') }).toEqual({ status: 200, asOf: '2020-01-01T00:00:00.000Z' });
  });
  it.each([
    ['funnel', 'from=2026-02-01&to=2026-01-01', ['to']], ['funnel', 'currency=EURO&convert=gold', ['convert', 'currency']], ['funnel', 'convert=constant', ['convert']], ['retention', 'convert=constant', ['convert']], ['funnel', 'ratesOn=2026-02-30&compare=next', ['compare', 'ratesOn']],
    ['target-attainment', 'metric=joy&currency=x', ['currency', 'metric']], ['bonus-accrual', 'on=someday', ['on']], ['retention', 'groupBy=colour&currency=1234', ['currency', 'groupBy']], ['retention', 'from=2026-02-01&to=2026-01-01', ['to']], ['retention', 'from=2024-01-01&to=2026-01-01&groupBy=day', ['groupBy']], ['funnel', 'from=2024-01-01&to=2026-01-01&groupBy=day', ['groupBy']],
  ])('%s refuses %s and names what does not fit', async (name, query, fields) => {
    const { status, body } = await call('GET', `/v1/reports/${name}?${query}`);
    const errors = fieldOf(body, 'errors');
    expect({ status, fields: [...new Set((Array.isArray(errors) ? errors : []).map((error) => fieldOf(error, 'field')))].sort() }).toEqual({ status: 400, fields });
  });
  it('are described, each parameter and figure, in the OpenAPI document', async () => {
    const { body } = await call('GET', '/openapi.json');
    for (const name of NAMES) {
      const operation = fieldOf(fieldOf(fieldOf(body, 'paths'), `/v1/reports/${name}`), 'get');
      expect(String(fieldOf(operation, 'description'))).toContain('**');
    }
  });
});
