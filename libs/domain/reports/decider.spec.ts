import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { DefineReport, FIGURES_BYTES_MAX, PublishReport, type ReportsCommand } from './commands.js';
import { report } from './decider.js';
import type { ReportsEvent } from './events.js';
import { reportsContext } from './reports.context.js';

const reportId = 'r1';
const params = { pipelineId: 'default', from: '2026-01-01', to: '2026-03-31', tz: 'Europe/Copenhagen' };
const figures = { won: { count: 12, value: { amountMinor: 4_500_000, currency: 'EUR' } }, winRate: null };
const definition = { name: 'funnel', version: 2 };

const defined: ReportsEvent = { type: 'ReportDefined', data: { reportId, name: 'Spring funnel', report: 'funnel', params } };
const published: ReportsEvent = { type: 'ReportPublished', data: { reportId, report: 'funnel', params, figures, definition, position: 9_120, asOf: SPEC_NOW } };

const define = build(DefineReport, { reportId, name: 'Spring funnel', report: 'funnel', params });
const publish = build(PublishReport, { reportId, figures, definition, position: 9_120, asOf: SPEC_NOW });

const { given } = deciderSpec(report, {});

describe('a report', () => {
  it('is defined', () => given().when(define).then(defined));
  it('is defined once', () => given(defined).when(build(DefineReport, { ...define, params: { tz: 'Europe/Copenhagen', to: '2026-03-31', from: '2026-01-01', pipelineId: 'default' } })).thenNothing());
  it('is defined anew', () => {
    const anew: ReportsEvent = { type: 'ReportDefined', data: { reportId, name: 'Spring funnel', report: 'funnel', params: { pipelineId: 'north' } } };
    given(defined, published).when(build(DefineReport, { ...define, params: { pipelineId: 'north' } })).then(anew);
    given(defined, published, anew).when(publish).then({ type: 'ReportPublished', data: { ...published.data, params: { pipelineId: 'north' } } });
  });

  it('is published with its kind and parameters', () => given(defined).when(publish).then(published));
  it('is published once', () => given(defined, published).when(publish).thenNothing());
  it('is published again from a later position', () => given(defined, published).when(build(PublishReport, { ...publish, position: 9_121 })).then({ type: 'ReportPublished', data: { ...published.data, position: 9_121 } }));
  it('does not show two figures for one position', () => given(defined, published).when(build(PublishReport, { ...publish, figures: { won: 13 } })).thenRefused('report_figures_differ'));
  it('may show other figures under another definition', () => {
    const next = { name: 'funnel', version: 3 };
    given(defined, published).when(build(PublishReport, { ...publish, figures: { won: 13 }, definition: next })).then({ type: 'ReportPublished', data: { ...published.data, figures: { won: 13 }, definition: next } });
  });
  it('does not show what is known only later', () => given(defined).when(build(PublishReport, { ...publish, asOf: '2026-03-02T09:00:00.001Z' })).thenRefused('report_as_of_future'));
  it('is unknown until defined', () => given().when(publish).thenRefused('report_not_found'));

  it('has figures that are a JSON object of bounded size and depth', () => {
    const fits = 'x'.repeat(FIGURES_BYTES_MAX - '{"a":""}'.length);
    const deep = (levels: number): object => (levels === 1 ? {} : { a: deep(levels - 1) });
    for (const wrong of [[], 'won', 12, { won: Number.NaN }, { won: undefined }, { a: `${fits}x` }, { a: 'ø'.repeat(FIGURES_BYTES_MAX / 2) }, deep(21)]) {
      expect(parseCommand(PublishReport, { ...publish, figures: wrong })).toMatchObject({ ok: false });
    }
    for (const right of [{}, { a: fits }, deep(20)]) expect(parseCommand(PublishReport, { ...publish, figures: right })).toMatchObject({ ok: true });
  });
  it('names its definition by name and version', () => {
    for (const wrong of ['funnel', { name: 'funnel' }, { name: 'funnel', version: 0 }, { name: '', version: 1 }, { name: 'funnel', version: 1, by: 'ada' }]) {
      expect(parseCommand(PublishReport, { ...publish, definition: wrong })).toMatchObject({ ok: false });
    }
    expect(parseCommand(PublishReport, { ...publish })).toMatchObject({ ok: true });
  });

  it('does once what is sent twice, after any history', () => {
    const commands: fc.Arbitrary<ReportsCommand> = fc.oneof(
      fc.constantFrom({}, params, { pipelineId: 'north' }).map((asked) => build(DefineReport, { ...define, params: asked })),
      fc.tuple(fc.jsonValue({ maxDepth: 2 }), fc.integer({ min: 0, max: 2 })).map(([value, position]) => build(PublishReport, { ...publish, figures: { value }, position })),
    );
    holdsTwiceIsOnce(reportsContext, commands, fc.constant({}));
  });
});

describe('a report defined late', () => {
  it('is not defined anew before it was last defined', () =>
    given(defined).when(build(DefineReport, { ...define, params: { pipelineId: 'north' } }), { occurredAt: '2026-03-02T08:59:59.999Z' }).thenRefused('report_defined_out_of_order'));
});
