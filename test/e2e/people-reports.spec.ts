import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { startEngine, type Engine } from '../../apps/server/src/engine.js';
import { OpenDeal, RaiseRoadblock } from '../../libs/domain/deal/commands.js';
import { CompleteFollowUp, ScheduleFollowUp } from '../../libs/domain/follow-up/commands.js';
import { CaptureLead, RecordContact } from '../../libs/domain/lead/commands.js';
import { AddMember, SetCapacity } from '../../libs/domain/member/commands.js';
import { SetPolicy } from '../../libs/domain/policy/commands.js';
import { AllocateTask } from '../../libs/domain/task/commands.js';
import { aRoleFor, fieldOf, requestOf, type Step } from '../support/api.js';

/* The reports on people's work through every real part: commands over HTTP, the log, the projections, the tables, the route. */

let engine: Engine;
let dataDir: string;
/** The log position behind all that was told here. */
let written: number;
/** The position before the follow-up was done. */
let before: number;

const LEAD = { kind: 'lead', id: 'vela' } as const;
const DAY_MS = 86_400_000;
const TOMORROW = new Date(Date.now() + DAY_MS).toISOString();
const step = (command: Step['command'], fields: Step['fields'], occurredAt: string): Step => ({ command, fields, occurredAt });

async function send(each: Step): Promise<number> {
  const { method, path, body } = requestOf(each);
  const { status, body: answer } = await request(engine.url)[method.toLowerCase() as 'post' | 'put'](path).set('Pipeledger-Role', aRoleFor(each.command)).send(body as object); // a command's route is one of the two
  if (status >= 300) throw new Error(`${each.command.name} answered ${status}: ${JSON.stringify(answer)}`);
  return Number(fieldOf(answer, 'position'));
}

const ask = (name: string, query: object) => request(engine.url).get(`/v1/reports/${name}`).query({ minPosition: written, ...query });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-people-'));
  engine = await startEngine({ host: '127.0.0.1', port: 0, dataDir });
  const founded = '2026-01-05T08:00:00Z';
  for (const each of [
    step(SetPolicy, { zone: 'Europe/Zurich' }, founded),
    step(AddMember, { memberId: 'ada', name: 'Ada Quist', role: 'coordinator', zone: 'Europe/Zurich', teamId: 'north' }, founded),
    step(AddMember, { memberId: 'ben', name: 'Ben Ito', role: 'executive', zone: 'Europe/Zurich', teamId: 'south' }, founded),
    step(SetCapacity, { memberId: 'ada', openItemsMax: 4 }, founded),
    step(CaptureLead, { leadId: 'vela', source: 'fair', company: 'Vela Marine', ownerId: 'ada', campaignId: 'boat.show' }, '2026-03-27T15:00:00Z'),
    step(RecordContact, { leadId: 'vela', memberId: 'ada', channel: 'call', direction: 'outbound' }, '2026-03-30T08:00:00Z'),
    step(ScheduleFollowUp, { followUpId: 'call', subject: LEAD, ownerId: 'ada', dueAt: '2026-03-31T10:00:00Z' }, '2026-03-30T08:05:00Z'),
    step(OpenDeal, { dealId: 'hull', name: 'Hull sensors', ownerId: 'ben', leadId: 'vela', value: { amountMinor: 1_250_000, currency: 'EUR' } }, '2026-03-30T09:00:00Z'),
    step(RaiseRoadblock, { dealId: 'hull', roadblockId: 'r1', cause: 'legal' }, '2026-03-30T12:00:00Z'),
    step(ScheduleFollowUp, { followUpId: 'next', subject: { kind: 'deal', id: 'hull' }, ownerId: 'ada', dueAt: TOMORROW }, '2026-03-30T13:00:00Z'),
  ]) before = await send(each);
  await send(step(AllocateTask, { taskId: 'list', title: 'Send the list', ownerId: 'ben', dueAt: TOMORROW }, '2026-03-30T14:00:00Z'));
  written = await send(step(CompleteFollowUp, { followUpId: 'call', outcome: 'reached' }, '2026-03-31T09:30:00Z'));
});

afterAll(async () => {
  await engine.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('the coordinator efficiency report over HTTP', () => {
  const march = { from: '2026-03-01', to: '2026-03-31' };
  const coordinators = (body: unknown): unknown => (fieldOf(body, 'scorecards') as readonly { groups: readonly unknown[] }[])[0]!.groups[0]; // the coordinators' stands always, and first

  it('counts what was told by commands, and says what it stands for', async () => {
    const { status, body } = await ask('coordinator-efficiency', march);
    expect(status).toBe(200);
    expect(body).toMatchObject({ asOf: expect.stringMatching(/Z$/), definition: { name: 'coordinator-efficiency', version: 2 }, lagMs: expect.any(Number), period: { tz: 'Europe/Zurich' } });
    expect(fieldOf(body, 'position')).toBeGreaterThanOrEqual(written);
    // Friday 16:00 to Monday 10:00, the clocks going forward in between: one business hour on either day.
    expect(coordinators(body)).toMatchObject({ leadResponse: { leads: 1, neverContacted: 0, business: { median: 120 } }, followUps: { due: 1, onTime: { numerator: 1, value: 1 } } });
  });

  it('answers as of before the last command', async () => {
    expect(coordinators((await ask('coordinator-efficiency', { ...march, asOf: before })).body)).toMatchObject({ followUps: { due: 1, onTime: { numerator: 0 } } });
  });

  it('groups by campaign, and puts the period before beside', async () => {
    const { body } = await ask('coordinator-efficiency', { from: '2026-03-01', to: '2026-03-31', groupBy: 'campaign', compare: 'previous' });
    expect(body).toMatchObject({ scorecards: [{ role: 'coordinator', groups: expect.arrayContaining([expect.objectContaining({ group: 'boat.show' })]) }, { role: 'executive' }], previous: { period: { from: '2026-02-01', to: '2026-02-28' } } });
  });
});

describe('the agenda over HTTP', () => {
  it('lists what a member is to do, with what blocks it', async () => {
    const { status, body } = await ask('agenda', { memberId: 'ada' });
    expect({ status, body }).toMatchObject({ status: 200, body: { tz: 'Europe/Zurich', total: 1, blocked: 1, items: [{ kind: 'follow_up', id: 'next', subject: { kind: 'deal', id: 'hull', title: 'Hull sensors' }, blockedBy: [{ cause: 'legal' }] }], nextCursor: null } });
  });
  it('is that of a team', async () => expect((await ask('agenda', { team: 'south' })).body).toMatchObject({ total: 1, items: [{ kind: 'task', id: 'list', memberId: 'ben' }] }));
});

describe('the timeline over HTTP', () => {
  it('tells what happened to a lead and what became of it, newest first, page by page', async () => {
    const first = await ask('timeline', { subjectKind: 'lead', subjectId: 'vela', limit: 2 });
    expect(first.body).toMatchObject({ entries: [{ type: 'FollowUpCompleted', text: 'Follow-up done: reached.' }, { type: 'FollowUpScheduled' }], nextCursor: expect.any(String) });
    const { body } = await ask('timeline', { subjectKind: 'lead', subjectId: 'vela', cursor: fieldOf(first.body, 'nextCursor') });
    expect((fieldOf(body, 'entries') as readonly { type: string }[]).map(({ type }) => type)).toEqual(['RoadblockRaised', 'DealOpened', 'FollowUpScheduled', 'LeadContacted', 'LeadCaptured']); // an answer has entries
  });
});

describe('bad input to the reports on people’s work', () => {
  it.each([
    ['coordinator-efficiency', { from: '2026-02-30' }, 'from'], ['coordinator-efficiency', { from: '2026-03-02', to: '2026-03-01' }, 'to'], ['coordinator-efficiency', { groupBy: 'mood' }, 'groupBy'], ['coordinator-efficiency', { tz: 'Mars/Base' }, 'tz'],
    ['coordinator-efficiency', { owner: 'ada,ada' }, 'owner'], ['coordinator-efficiency', { colour: 'red' }, 'colour'], ['coordinator-efficiency', { asOf: 'yesterday' }, 'asOf'], ['coordinator-efficiency', { source: 'a\0b' }, 'source'],
    ['agenda', { limit: 0 }, 'limit'], ['agenda', { cursor: 'abc' }, 'cursor'], ['agenda', { subjectId: 'x' }, 'subjectId'], ['agenda', { kinds: 'party' }, 'kinds'],
    ['timeline', { subjectKind: 'lead' }, 'subjectKind'], ['timeline', { cursor: Buffer.from('["1",2]').toString('base64url') }, 'cursor'], ['timeline', { limit: 501 }, 'limit'],
  ])('%s %j is refused with the field named', async (name, query, field) => {
    const { status, body } = await ask(name, query);
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ field }] } });
  });
});
