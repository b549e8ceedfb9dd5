import type { Beside } from '../../libs/kernel/beside.js';
import type { ReportView } from '../../libs/kernel/report.js';

/** So many deals are named in the answer to a definition; the report counts all. */
export const STRANDED_MAX = 10;

/** An open deal in a stage that its pipeline, as just defined, does not have. */
export interface StrandedDeal {
  readonly dealId: string;
  readonly stage: string;
  readonly ownerId: string;
}

export interface StrandedDeals {
  /** Those longest in their stage first, at most STRANDED_MAX. */
  readonly deals: readonly StrandedDeal[];
  readonly total: number;
  /** How many stand in each such stage. */
  readonly stages: readonly { readonly stage: string; readonly deals: number }[];
  /** Log position up to which deals were looked at: one that moved after it is shown where it was. */
  readonly position: number;
  /** Where the report tells of all of them, with this definition. */
  readonly report: string;
}

const STRANDED = (view: ReportView): string =>
  `FROM ${view.table('funnel_visit')} v
   JOIN ${view.table('funnel_deal')} d ON d.deal_id = v.subject_id AND d.status = 'open'
   WHERE v.kind = 'stage'
     AND v.left_at IS NULL
     AND v.pipeline_id = $1
     AND v.step <> ALL ($2::text[])`;

const stagesIn = (fields: Readonly<Record<string, unknown>>): string[] =>
  (Array.isArray(fields['stages']) ? (fields['stages'] as readonly { readonly stage: string }[]) : []).map(({ stage }) => stage); // the command was accepted: it lists stages

/** Open deals in stages that the definition does not have. @throws ReadStoreError */
async function look(view: ReportView, fields: Readonly<Record<string, unknown>>, { position }: { readonly position: number }): Promise<StrandedDeals> {
  const pipelineId = String(fields['pipelineId']);
  const asked = [pipelineId, stagesIn(fields)];
  const stages = await view.query<{ stage: string; deals: number }>(
    `SELECT v.step AS stage, count(*) AS deals
     ${STRANDED(view)}
     GROUP BY v.step
     ORDER BY v.step`, asked);
  const deals = stages.length === 0 ? [] : await view.query<StrandedDeal>(
    `SELECT d.deal_id AS "dealId", v.step AS stage, d.owner_id AS "ownerId"
     ${STRANDED(view)}
     ORDER BY v.entered_at, d.deal_id
     LIMIT ${STRANDED_MAX}`, asked);
  return {
    deals, total: stages.reduce((sum, each) => sum + each.deals, 0), stages, position: view.position,
    report: `/v1/reports/funnel?pipeline=${encodeURIComponent(pipelineId)}&minPosition=${position}`,
  };
}

/** Whoever takes a stage out of a pipeline, or gives it another id, sees at once which open deals still stand in it. */
export const defineBeside: Beside = {
  command: 'DefinePipeline',
  field: 'stranded',
  projections: ['funnel'],
  schema: {
    description: 'Open deals in stages that this definition does not have. They stay there, are counted in reports and can be moved on. Left out by an engine without read models; null where they could not be asked.',
    oneOf: [{ type: 'null' }, {
      type: 'object', required: ['deals', 'total', 'stages', 'position', 'report'],
      properties: {
        deals: {
          type: 'array', maxItems: STRANDED_MAX, description: `Those longest in their stage first, at most ${STRANDED_MAX}`,
          items: { type: 'object', required: ['dealId', 'stage', 'ownerId'], properties: { dealId: { type: 'string' }, stage: { type: 'string' }, ownerId: { type: 'string' } } },
        },
        total: { type: 'integer', description: 'How many there are' },
        stages: {
          type: 'array', description: 'How many stand in each such stage',
          items: { type: 'object', required: ['stage', 'deals'], properties: { stage: { type: 'string' }, deals: { type: 'integer' } } },
        },
        position: { type: 'integer', description: 'Log position up to which deals were looked at: one that moved after it is shown where it was' },
        report: { type: 'string', description: 'Tells of all of them (standing), with this definition' },
      },
    }],
  },
  look,
};
