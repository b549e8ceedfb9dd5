import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EnableRule } from '../../libs/domain/automation/commands.js';
import { RULE_NAMES } from '../../libs/domain/automation/rule-names.js';
import { CaptureLead } from '../../libs/domain/lead/commands.js';
import { AddMember } from '../../libs/domain/member/commands.js';
import { fieldOf, type Sent } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { runningEngine, type RunningEngine } from '../support/running-engine.js';
import { freshId, inDays } from './samples/scene.js';

let engine: RunningEngine;
const leadId = freshId('lead');

beforeAll(async () => {
  engine = await runningEngine();
  await engine.carryOut(
    { command: AddMember, fields: { memberId: 'ada', name: 'Ada Quist', role: 'coordinator', zone: 'UTC' }, occurredAt: inDays(-100) },
    // Before the rule was on: only a dry run will ever ask for an owner.
    { command: CaptureLead, fields: { leadId: freshId('lead'), source: 'fair', company: 'Orla' }, occurredAt: inDays(-5) },
    { command: EnableRule, fields: { ruleId: 'assign_lead', settings: { minutesSaved: 7 } } },
    { command: CaptureLead, fields: { leadId, source: 'web', company: 'Vela Marine' } },
  );
  await engine.until('/v1/rules/assign_lead/actions', (body) => actionsIn(body).length > 0);
});

afterAll(() => engine.stop());

const actionsIn = (body: unknown): readonly unknown[] => (fieldOf(body, 'actions') ?? []) as readonly unknown[]; // an answer of the route that is under test
const dryRun = (name: string, body: unknown): Promise<Sent> => engine.raw({ method: 'POST', path: `/v1/rules/${name}/dry-run`, body });
const problemOf = (sent: Sent) => problemIn(engine, sent);

describe('the rules over HTTP', () => {
  it('are all listed, with whether they are on and how they are set up', async () => {
    const { status, body } = await engine.get('/v1/rules');
    const rules = fieldOf(body, 'rules') as readonly { readonly name: string; readonly enabled: boolean }[]; // held by the next lines
    expect({ status, names: rules.map(({ name }) => name).sort(), on: rules.filter(({ enabled }) => enabled).map(({ name }) => name) }).toEqual({ status: 200, names: [...RULE_NAMES].sort(), on: ['assign_lead'] });
    expect(rules.find(({ name }) => name === 'assign_lead')).toMatchObject({
      summary: expect.stringMatching(/\S/), settings: { minutesSaved: 7, byTerritory: true }, counts: { carried_out: 1 }, minutesSaved: 7,
      lastActions: [{ outcome: 'carried_out', commandType: 'AssignLead', aggregateId: leadId }],
    });
  });

  it('say what was done about what, and why', async () => {
    const { body } = await engine.get('/v1/rules/assign_lead/actions');
    expect(actionsIn(body)).toEqual([expect.objectContaining({
      rule: 'assign_lead', cause: expect.objectContaining({ type: 'LeadCaptured', stream: `lead-${leadId}` }), commandType: 'AssignLead', aggregateId: leadId, outcome: 'carried_out',
      because: expect.stringContaining('open items'), events: [{ id: expect.any(String), type: 'LeadAssigned' }], minutesSaved: 7,
    })]);
    expect((await engine.get(`/v1/leads/${leadId}`)).body).toMatchObject({ state: { ownerId: 'ada' } });
  });

  it('have done nothing where they were never on', async () => {
    expect((await engine.get('/v1/rules/renewal_reminder/actions')).body).toEqual({ actions: [], next: null });
  });

  it.each([['limit', '0'], ['limit', '501'], ['limit', 'all'], ['before', '-1'], ['before', 'now'], ['limit', '1&limit=2']])('are not paged with %s=%s', async (name, value) => {
    expect(await problemOf(await engine.get(`/v1/rules/assign_lead/actions?${name}=${value}`))).toEqual({ status: 400, code: 'validation_failed', fields: [name] });
  });

  it('are not found by another name', async () => {
    for (const sent of [await engine.get('/v1/rules/make_coffee/actions'), await engine.get('/v1/rules/toString/actions'), await dryRun('make_coffee', { from: inDays(-1), to: inDays(0) })]) {
      expect(await problemOf(sent)).toEqual({ status: 404, code: 'rule_unknown', fields: [] });
    }
  });
});

describe('a dry run', () => {
  it('tells what a rule would have done in the last month, and changes nothing', async () => {
    const before = (await engine.get('/v1/rules/assign_lead/actions')).body;
    const { status, body } = await dryRun('assign_lead', { from: inDays(-30), to: inDays(1) });
    expect({ status, body }).toMatchObject({ status: 200, body: { rule: 'assign_lead', complete: true, commands: 2, nothingPossible: 0, minutesSaved: 8, unheeded: [] } });
    expect(fieldOf(body, 'wouldDo')).toEqual(expect.arrayContaining([expect.objectContaining({ cause: expect.objectContaining({ stream: `lead-${leadId}` }), command: { type: 'AssignLead', fields: expect.objectContaining({ leadId, ownerId: 'ada' }) } })]));
    expect((await engine.get('/v1/rules/assign_lead/actions')).body).toEqual(before);
  });

  it('goes by when things happened', async () => {
    expect((await dryRun('assign_lead', { from: inDays(-30), to: inDays(-1) })).body).toMatchObject({ commands: 1 });
    expect((await dryRun('assign_lead', { from: inDays(-3), to: inDays(-1) })).body).toMatchObject({ commands: 0, wouldDo: [] });
  });

  it('tries other settings, and names those that the rule does not heed', async () => {
    const { body } = await dryRun('assign_lead', { from: inDays(-30), to: inDays(1), settings: { roles: ['manager'], coffee: true } });
    expect(body).toMatchObject({ commands: 0, nothingPossible: 2, unheeded: ['coffee'], settings: { roles: ['manager'] } });
  });

  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['from', 'to']], ['days', { from: '2026-01-01', to: '2026-02-01' }, ['from', 'to']], ['a period that ends before it begins', { from: inDays(0), to: inDays(-1) }, ['to']],
    ['an empty period', { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, ['to']], ['settings that are a list', { from: inDays(-1), to: inDays(0), settings: [] }, ['settings']],
    ['settings within settings', { from: inDays(-1), to: inDays(0), settings: { a: { b: 1 } } }, ['settings']], ['a field it does not have', { from: inDays(-1), to: inDays(0), until: inDays(0) }, ['until']], ['a list', [], ['']],
  ])('is not made of %s', async (_, body, fields) => {
    expect(await problemOf(await dryRun('assign_lead', body))).toEqual({ status: 400, code: 'validation_failed', fields });
  });

  it('is not made of broken JSON', async () => {
    expect(await problemOf(await engine.raw({ method: 'POST', path: '/v1/rules/assign_lead/dry-run', body: '{', headers: { 'Content-Type': 'application/json' } }))).toMatchObject({ status: 400, code: 'malformed_json' });
  });
});
