import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { DefinePipeline, SetPolicy, type PolicyCommand } from './commands.js';
import { policy } from './decider.js';
import type { PolicyEvent } from './events.js';
import { DEFAULT_SETTINGS, pipelineHistory, settingsHistory, settingsIn } from './facts.js';
import { policyContext } from './policy.context.js';

const stages = [
  { stage: 'new', name: 'New', probabilityPercent: 10, serviceLevelDays: 7 },
  { stage: 'offer', name: 'Offer', probabilityPercent: 60 },
];
const defined: PolicyEvent = { type: 'PipelineDefined', data: { policyId: 'pipeline.default', pipelineId: 'default', name: 'New business', stages } };
const set: PolicyEvent = { type: 'PolicySet', data: { policyId: 'settings', settings: { currency: 'CHF', followUpGraceMinutes: 30 } } };
const define = build(DefinePipeline, { pipelineId: 'default', name: 'New business', stages });
const setPolicy = build(SetPolicy, { currency: 'CHF', followUpGraceMinutes: 30 });

const { given } = deciderSpec(policy, {});

describe('a pipeline', () => {
  it('is defined with its stages in order', () => given().when(define).then(defined));
  it('is not defined twice with the same content', () => given(defined).when(define).thenNothing());
  it('is the same however its stages are spelt', () =>
    given(defined).when(build(DefinePipeline, { ...define, stages: [{ name: ' New ', stage: 'new', serviceLevelDays: 7, probabilityPercent: 10 }, stages[1]!] })).thenNothing());
  it('is defined anew when its stages change their order', () =>
    given(defined).when(build(DefinePipeline, { ...define, stages: [stages[1]!, stages[0]!] })).then({ type: 'PipelineDefined', data: { ...defined.data, stages: [stages[1], stages[0]] } } as PolicyEvent)); // the spread keeps the Defined shape
  it('is defined anew when a stage loses its service level', () => {
    const looser = [{ stage: 'new', name: 'New', probabilityPercent: 10 }, stages[1]!];
    given(defined).when(build(DefinePipeline, { ...define, stages: looser })).then({ type: 'PipelineDefined', data: { policyId: 'pipeline.default', pipelineId: 'default', name: 'New business', stages: looser } });
  });
  it('lives in a stream of its own', () => expect(policyContext.aggregateId?.(define)).toBe('pipeline.default'));
  it('tells others its stages', () => expect(pipelineHistory.evolve(pipelineHistory.initial, defined)).toMatchObject([{ stages }]));

  it.each([
    ['no stage', []],
    ['51 stages', Array.from({ length: 51 }, (_, index) => ({ stage: `s${index}`, name: 'S', probabilityPercent: 1 }))],
    ['one stage twice', [stages[0], stages[0]]],
    ['a chance above certainty', [{ ...stages[0], probabilityPercent: 101 }]],
    ['a chance that is no whole percent', [{ ...stages[0], probabilityPercent: 1.5 }]],
    ['a stage without a name', [{ ...stages[0], name: ' ' }]],
    ['a service level of no day', [{ ...stages[0], serviceLevelDays: 0 }]],
    ['a field of no stage', [{ ...stages[0], colour: 'red' }]],
  ])('cannot have %s', (_, wrong) => expect(parseCommand(DefinePipeline, { pipelineId: 'default', name: 'New business', stages: wrong })).toMatchObject({ ok: false, errors: [{ field: 'stages' }] }));
  it('can have 50 stages', () =>
    expect(parseCommand(DefinePipeline, { pipelineId: 'default', name: 'New business', stages: Array.from({ length: 50 }, (_, index) => ({ stage: `s${index}`, name: 'S', probabilityPercent: 1 })) }).ok).toBe(true));
});

describe('the company’s policy', () => {
  it('is set', () => given().when(setPolicy).then(set));
  it('is not set where it already stands', () => given(set).when(setPolicy).thenNothing());
  it('records only the figures that change', () =>
    given(set).when(build(SetPolicy, { currency: 'CHF', followUpGraceMinutes: 45 })).then({ type: 'PolicySet', data: { policyId: 'settings', settings: { followUpGraceMinutes: 45 } } }));
  it('keeps the figures that are left out', () => given(set, { type: 'PolicySet', data: { policyId: 'settings', settings: { zone: 'UTC' } } }).when(setPolicy).thenNothing());
  it('can pin a figure that so far is only a default', () =>
    given().when(build(SetPolicy, { zone: DEFAULT_SETTINGS.zone })).then({ type: 'PolicySet', data: { policyId: 'settings', settings: { zone: DEFAULT_SETTINGS.zone } } }));
  it('takes the same days in another order as the same', () =>
    given({ type: 'PolicySet', data: { policyId: 'settings', settings: { businessDays: [1, 2], holidays: ['2026-01-01', '2026-12-25'], businessHours: { from: '08:00', to: '24:00' } } } })
      .when(build(SetPolicy, { businessDays: [2, 1], holidays: ['2026-12-25', '2026-01-01'], businessHours: { to: '24:00', from: '08:00' } })).thenNothing());
  it('must set something', () => given().when(build(SetPolicy, {})).thenRefused('policy_empty'));
  it('lives in the one settings stream', () => expect(policyContext.aggregateId?.(setPolicy)).toBe('settings'));
  it('overrides the defaults for others', () => expect(settingsIn(settingsHistory.evolve(settingsHistory.initial, set), SPEC_NOW)).toEqual({ ...DEFAULT_SETTINGS, currency: 'CHF', followUpGraceMinutes: 30 }));

  it.each([
    ['zone', 'Mars/Olympus'], ['currency', 'EURO'], ['fiscalYearStartMonth', 13], ['businessHours', { from: '9:00', to: '17:00' }], ['businessHours', { from: '17:00', to: '09:00' }],
    ['businessHours', { from: '09:00', to: '25:00' }], ['businessDays', []], ['businessDays', [0]], ['businessDays', [1, 1]], ['holidays', ['2026-02-30']], ['holidays', ['2026-01-01', '2026-01-01']], ['caseResponseMinutes', 0],
  ])('refuses a wrong %s', (figure, wrong) => expect(parseCommand(SetPolicy, { [figure]: wrong })).toMatchObject({ ok: false, errors: [{ field: figure }] }));
});

describe('any policy', () => {
  it('does once what is sent twice, after any history', () => {
    const stage = fc.record({ stage: fc.constantFrom('a', 'b'), name: fc.constantFrom('A', 'B '), probabilityPercent: fc.integer({ min: 0, max: 3 }) });
    const commands: fc.Arbitrary<PolicyCommand> = fc.oneof(
      fc.array(stage, { minLength: 1, maxLength: 3 }).map((some) => build(DefinePipeline, { ...define, stages: some })),
      fc.record({ zone: fc.constantFrom('UTC', 'Europe/Zurich'), businessDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), noContactDays: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: [] }).map((some) => build(SetPolicy, some)),
    );
    holdsTwiceIsOnce(policyContext, commands, fc.constant({}));
  });
});

describe('a policy laid down late', () => {
  const FEBRUARY = '2026-02-10T09:00:00.000Z';
  const other = [{ stage: 'first', name: 'First', probabilityPercent: 5 }];
  const franc: PolicyEvent & { occurredAt: string } = { ...set, occurredAt: '2026-01-05T09:00:00.000Z' };
  const krone: PolicyEvent & { occurredAt: string } = { type: 'PolicySet', data: { policyId: 'settings', settings: { currency: 'DKK' } }, occurredAt: SPEC_NOW };
  const euro: PolicyEvent & { occurredAt: string } = { type: 'PolicySet', data: { policyId: 'settings', settings: { currency: 'EUR' } }, occurredAt: FEBRUARY };

  it('takes its place in time', () => given(franc, krone).when(build(SetPolicy, { currency: 'EUR' }), { occurredAt: FEBRUARY }).then({ type: euro.type, data: euro.data })); // the spread keeps the shape
  it('changes nothing of what was laid down later', () => given(franc, krone, euro).when(build(SetPolicy, { currency: 'DKK' })).thenNothing());
  it('is told to others as it was in force', () => {
    const history = [franc, krone, euro].reduce((before, event) => settingsHistory.evolve(before, event), settingsHistory.initial);
    expect(['2026-01-01', '2026-01-06', '2026-02-11', '2026-03-03'].map((day) => settingsIn(history, `${day}T00:00:00.000Z`).currency)).toEqual(['CHF', 'CHF', 'EUR', 'DKK']);
    expect(settingsIn(history, FEBRUARY).followUpGraceMinutes).toBe(30);
  });
  it('is since ever what was first said of each figure', () => {
    const zone: PolicyEvent & { occurredAt: string } = { type: 'PolicySet', data: { policyId: 'settings', settings: { zone: 'Europe/Zurich' } }, occurredAt: FEBRUARY };
    const history = [franc, zone].reduce((before, event) => settingsHistory.evolve(before, event), settingsHistory.initial);
    expect(settingsIn(history, '2025-01-01T00:00:00.000Z')).toEqual({ ...DEFAULT_SETTINGS, currency: 'CHF', followUpGraceMinutes: 30, zone: 'Europe/Zurich' });
  });
  it('defines a pipeline in its place in time', () => {
    const anew: PolicyEvent & { occurredAt: string } = { type: 'PipelineDefined', data: { ...defined.data, name: 'New business', pipelineId: 'default', stages: other }, occurredAt: SPEC_NOW };
    const first: PolicyEvent & { occurredAt: string } = { ...defined, occurredAt: '2026-01-05T09:00:00.000Z' };
    given(first, anew).when(define, { occurredAt: FEBRUARY }).thenNothing();
    given(first, anew).when(define).then(defined);
  });
});
