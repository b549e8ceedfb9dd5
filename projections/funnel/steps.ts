import type { ReportView } from '../../libs/kernel/report.js';
import type { Step } from './answer.js';
import type { Scope } from './scope.js';

/** Steps that belong to no pipeline, by their place in the journey. */
const LEAD_PLACES: Readonly<Record<string, number>> = { captured: 0, contacted: 1, qualified: 2, meeting_held: 3, deal_opened: 4 };
const FIRST_STAGE_PLACE = 10;
const WON_PLACE = 1_000_000;

export interface PlacedStep extends Step {
  readonly kind: 'lead' | 'stage' | 'milestone';
  readonly place: number;
}

/** What a row of visits, summed up, says of its step. */
export interface StepRow {
  readonly pipeline_id: string | null;
  readonly kind: string;
  readonly step: string;
}

/** Whether a row is about a step; steps without a pipeline count whatever the pipeline. */
export const isAt = (row: StepRow, { pipeline, kind, step }: PlacedStep): boolean => row.kind === kind && row.step === step && (pipeline === null || row.pipeline_id === pipeline);

const NAMES: Readonly<Record<string, string>> = { captured: 'Captured', contacted: 'Contacted', qualified: 'Qualified', meeting_held: 'Meeting held', deal_opened: 'Deal opened' };
export const LEAD_PATH: readonly PlacedStep[] = Object.entries(LEAD_PLACES).map(([step, place]) => ({ pipeline: null, kind: place < 3 ? 'lead' : 'milestone', step, name: NAMES[step]!, place }));

/** The steps from the opening of a deal to its winning, for each pipeline asked for. */
export async function pipelinePaths(view: ReportView, only: readonly string[] | undefined): Promise<PlacedStep[][]> {
  const stages = await view.query<{ pipeline_id: string; stage: string; name: string; place: number }>(
    `SELECT pipeline_id, stage, name, place FROM ${view.table('funnel_stage')} s WHERE $1::text[] IS NULL OR pipeline_id = ANY ($1::text[]) ORDER BY pipeline_id, place`, [only?.length ? only : null]);
  return [...new Set(stages.map(({ pipeline_id }) => pipeline_id))].map((pipeline) => [
    { pipeline, kind: 'milestone' as const, step: 'deal_opened', name: NAMES['deal_opened']!, place: LEAD_PLACES['deal_opened']! },
    ...stages.filter((each) => each.pipeline_id === pipeline).map(({ stage, name, place }) => ({ pipeline, kind: 'stage' as const, step: stage, name, place: FIRST_STAGE_PLACE + place })),
    { pipeline, kind: 'milestone' as const, step: 'won', name: 'Won', place: WON_PLACE },
  ]);
}

/** SQL for the place of a visit `v` that is no stage, nor the winning. */
const beforeDeal = (v: string): string => `CASE ${v}.step ${Object.entries(LEAD_PLACES).map(([step, place]) => `WHEN '${step}' THEN ${place}`).join(' ')} END`;

/** The same where all that matters of a deal is that there is one. */
export const placeUpToDeal = (v: string): string => `CASE WHEN ${v}.kind = 'stage' OR ${v}.step = 'won' THEN ${LEAD_PLACES['deal_opened']} ELSE ${beforeDeal(v)} END`;

/** SQL for the place of a visit `v` whose stage, if it is one, is joined as `s`. A stage that no pipeline knows any more counts as an opened deal. */
export const placeOf = (v: string, s: string): string =>
  `CASE WHEN ${v}.kind = 'stage' THEN coalesce(${FIRST_STAGE_PLACE} + ${s}.place, ${LEAD_PLACES['deal_opened']}) WHEN ${v}.kind = 'milestone' AND ${v}.step = 'won' THEN ${WON_PLACE} ELSE ${beforeDeal(v)} END`;

export const joinStage = (scope: Scope, v: string, s: string): string => `LEFT JOIN ${scope.table('stage')} ${s} ON ${v}.kind = 'stage' AND ${s}.pipeline_id = ${v}.pipeline_id AND ${s}.stage = ${v}.step`;

/** SQL for the place of the step that a cohort starts at, for a visit `v`; null where its pipeline has no such stage. */
export function cohortPlace(scope: Scope, v: string): string {
  const { cohortStep } = scope.params;
  const fixed = cohortStep === 'won' ? WON_PLACE : LEAD_PLACES[cohortStep];
  if (fixed !== undefined) return String(fixed);
  return `(SELECT ${FIRST_STAGE_PLACE} + cs.place FROM ${scope.table('stage')} cs WHERE cs.pipeline_id = ${v}.pipeline_id AND cs.stage = ${scope.value(cohortStep)})`;
}

/** The present owner of a visit's lead or deal, joined only when credit goes there. */
export function presentOwner(scope: Scope, v: string): { readonly joins: string; readonly owner: string } {
  if (scope.params.credit !== 'current') return { joins: '', owner: `${v}.owner_id` };
  return {
    joins: `LEFT JOIN ${scope.table('deal')} pd ON ${v}.subject_kind = 'deal' AND pd.deal_id = ${v}.subject_id LEFT JOIN ${scope.table('lead')} pl ON ${v}.subject_kind <> 'deal' AND pl.lead_id = ${v}.lead_id`,
    owner: 'coalesce(pd.owner_id, pl.owner_id)',
  };
}
