import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MoveDealStage, OpenDeal, ReassignDeal, ReviseDealValue } from '../../libs/domain/deal/commands.js';
import { AddMember } from '../../libs/domain/member/commands.js';
import { DefinePipeline } from '../../libs/domain/policy/commands.js';
import { ReviseTarget, SetTarget } from '../../libs/domain/target/commands.js';
import { fieldOf, requestOf, type Sent, type Step } from '../support/api.js';
import { misfits } from '../support/json-schema.js';
import { runningEngine, type RunningEngine } from '../support/running-engine.js';

let engine: RunningEngine;

const JANUARY = '2026-01-05T08:00:00.000Z';
const FEBRUARY = '2026-02-10T08:00:00.000Z';
const MARCH = '2026-03-10T08:00:00.000Z';
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const stages = (...names: string[]) => names.map((stage, index) => ({ stage, name: stage.toUpperCase(), probabilityPercent: 10 * (index + 1) }));

const send = (step: Step): Promise<Sent> => engine.raw({ ...requestOf(step), headers: { 'Pipeledger-Role': 'admin' } });
const into = (node: unknown, ...path: readonly (string | number)[]): unknown => path.reduce<unknown>((at, name) => fieldOf(at, String(name)), node);

beforeAll(async () => {
  engine = await runningEngine();
  await engine.carryOut(
    { command: AddMember, fields: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC' }, occurredAt: '2025-01-06T08:00:00.000Z' },
    { command: AddMember, fields: { memberId: 'ben', name: 'Ben', role: 'coordinator', zone: 'UTC' }, occurredAt: '2025-01-06T08:00:00.000Z' },
    { command: DefinePipeline, fields: { pipelineId: 'p', name: 'P', stages: stages('new', 'offer') }, occurredAt: JANUARY },
    { command: DefinePipeline, fields: { pipelineId: 'p', name: 'P', stages: stages('new', 'talks') }, occurredAt: '2026-03-01T00:00:00.000Z' },
  );
}, 120_000);
afterAll(() => engine.stop());

describe('a target revised out of order', () => {
  const revise = (amount: number, occurredAt: string): Step => ({ command: ReviseTarget, fields: { targetId: 'ooo', amount, reason: 'late' }, occurredAt });
  const period = { from: '2025-07-01', to: '2025-09-30' };
  const report = (more: string): string => `/v1/reports/target-attainment?target=ooo&from=2025-07-01&to=2025-09-30&waitMs=30000&${more}`;
  const amountsOf = (answer: unknown): unknown => [into(answer, 'targets', 0, 'asRevised', 'amount'), (into(answer, 'targets', 0, 'revisions') as object[]).map((each) => [fieldOf(each, 'from'), fieldOf(each, 'to')])];

  it('has the amount that was set last by when it happened, and showed before the late entry what was known then', async () => {
    const set: Step = { command: SetTarget, fields: { targetId: 'ooo', metric: 'booked_value', scope: 'member', scopeId: 'ada', period, amount: 1_000, currency: 'EUR' }, occurredAt: '2025-06-20T08:00:00.000Z' };
    const before = await engine.carryOut(set, revise(3_000, '2025-09-01T08:00:00.000Z'));
    const after = await engine.carryOut(revise(2_000, '2025-08-01T08:00:00.000Z'));
    const now = (await engine.get(report(`minPosition=${after}`))).body;
    expect(amountsOf(now)).toEqual([3_000, [[1_000, 2_000], [2_000, 3_000]]]);
    expect(amountsOf((await engine.get(report(`asOf=${before}`))).body)).toEqual([3_000, [[1_000, 3_000]]]);
    expect(into((await engine.get('/v1/targets/ooo')).body, 'state', 'amount')).toBe(3_000);
  });
  it('is not revised before it was set', async () => {
    const refused = await send(revise(500, '2025-06-01T08:00:00.000Z'));
    expect([refused.status, fieldOf(refused.body, 'code')]).toEqual([422, 'target_not_yet_set']);
  });
});

describe('a deal of the past', () => {
  it('is in the stages that its pipeline had then', async () => {
    await engine.carryOut({ command: OpenDeal, fields: { dealId: 'past', name: 'Past', ownerId: 'ada', pipelineId: 'p', value: EUR(100) }, occurredAt: FEBRUARY });
    expect((await send({ command: MoveDealStage, fields: { dealId: 'past', stage: 'talks' }, occurredAt: FEBRUARY })).status).toBe(422);
    expect((await send({ command: MoveDealStage, fields: { dealId: 'past', stage: 'offer' }, occurredAt: FEBRUARY })).status).toBe(200);
    expect((await send({ command: MoveDealStage, fields: { dealId: 'past', stage: 'talks' }, occurredAt: MARCH })).status).toBe(200);
  });
  it('has the value and owner that came last by when it happened', async () => {
    const position = await engine.carryOut(
      { command: OpenDeal, fields: { dealId: 'late', name: 'Late', ownerId: 'ada', pipelineId: 'p', value: EUR(100) }, occurredAt: FEBRUARY },
      { command: ReviseDealValue, fields: { dealId: 'late', value: EUR(300) }, occurredAt: MARCH },
      { command: ReviseDealValue, fields: { dealId: 'late', value: EUR(200) }, occurredAt: '2026-03-01T08:00:00.000Z' },
      { command: ReassignDeal, fields: { dealId: 'late', ownerId: 'ben' }, occurredAt: MARCH },
    );
    expect(into((await engine.get('/v1/deals/late')).body, 'state')).toMatchObject({ value: EUR(300), ownerId: 'ben' });
    const rows = (await engine.get(`/v1/reports/funnel/rows?table=funnel_deal&where=deal_id.eq.late&minPosition=${position}&waitMs=30000`)).body;
    expect(into(rows, 'rows', 0)).toMatchObject({ value_minor: 300, owner_id: 'ben' });
  });
});

describe('a stage taken out while deals stand in it', () => {
  it('is told in the answer to the definition, and the deal is counted and can be moved on', async () => {
    const opened = await engine.carryOut({ command: OpenDeal, fields: { dealId: 'stuck', name: 'Stuck', ownerId: 'ada', pipelineId: 'q', value: EUR(500) } }).catch(() => -1);
    expect(opened).toBe(-1); // the pipeline is not defined yet
    const position = await engine.carryOut(
      { command: DefinePipeline, fields: { pipelineId: 'q', name: 'Q', stages: stages('first', 'second') } },
      { command: OpenDeal, fields: { dealId: 'stuck', name: 'Stuck', ownerId: 'ada', pipelineId: 'q', value: EUR(500) } },
    );
    await engine.get(`/v1/reports/funnel?minPosition=${position}&waitMs=30000`); // the view holds it by now
    const answer = await send({ command: DefinePipeline, fields: { pipelineId: 'q', name: 'Q', stages: stages('second', 'third') } });
    const stranded = into(answer.body, 'stranded');
    expect(stranded).toMatchObject({ deals: [{ dealId: 'stuck', stage: 'first', ownerId: 'ada' }], total: 1, stages: [{ stage: 'first', deals: 1 }] });
    const report = (await engine.get(`${String(into(stranded, 'report'))}&waitMs=30000`)).body;
    expect(into(report, 'groups', 0, 'standing')).toContainEqual(expect.objectContaining({ pipeline: 'q', step: 'first', count: 1 }));
    expect((await send({ command: MoveDealStage, fields: { dealId: 'stuck', stage: 'third' } })).status).toBe(200);

    const schema = into((await engine.get('/openapi.json')).body, 'paths', '/v1/pipelines/{pipelineId}', 'put', 'responses', '200', 'content', 'application/json', 'schema', 'allOf', 1, 'properties', 'stranded');
    expect(misfits(schema, stranded, () => undefined)).toEqual([]);
    expect(misfits(schema, { deals: 'none' }, () => undefined)).not.toEqual([]);
  });
});
