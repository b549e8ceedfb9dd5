import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const maybe = (comment: string): ColumnSpec => ({ type: 'text', comment, nullable: true });
const whole = (comment: string): ColumnSpec => ({ type: 'integer', comment });
const amount = (comment: string): ColumnSpec => ({ type: 'bigint', comment });
const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });
const maybeAt = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment, nullable: true });

const money = {
  value_minor: amount('Value in minor units of its currency.'),
  currency: text('ISO 4217 code of the value.'),
  converted_minor: { type: 'bigint', nullable: true, comment: 'Value in minor units of converted_to, at the rate on the event.' },
  converted_to: maybe('Currency that the event gave a rate for.'),
} as const satisfies Record<string, ColumnSpec>;

/** What every fact can be filtered and grouped by. */
const dimensions = {
  pipeline_id: maybe('The pipeline; none before a deal is opened.'),
  source: maybe('Where the lead or deal came from, in the company’s words.'),
  campaign_id: maybe('The campaign it came from.'),
  product: maybe('What it is about.'),
  region: maybe('Its region.'),
  segment: maybe('Its segment.'),
} as const satisfies Record<string, ColumnSpec>;

const visit: TableSpec = {
  comment: 'One visit of a lead or deal to a step of the funnel; a return is a second visit. Milestones (deal opened, won, meeting held) are entered only.',
  key: ['subject_kind', 'subject_id', 'visit'],
  columns: {
    subject_kind: text('lead, deal or meeting.'),
    subject_id: text('Id of the lead, deal or meeting.'),
    visit: whole('Number within the subject: stages and steps from 1, the milestone deal_opened 0, won milestones below.'),
    journey: text('lead:<id>, or deal:<id> for a deal without a lead: one journey through the funnel.'),
    lead_id: maybe('The lead of the journey.'),
    kind: text('lead (a step of the lead), stage (of a pipeline) or milestone.'),
    step: text('captured, contacted, qualified, meeting_held, deal_opened, won, or the stage.'),
    entered_at: at('When it came in.'),
    left_at: maybeAt('When it left; empty while it is there, and for milestones.'),
    owner_id: maybe('Who owned it when it came in.'),
    exit: maybe('How it left: moved, won, lost, disqualified, converted or merged.'),
    exit_reason: maybe('Why it was lost or disqualified.'),
    exit_owner_id: maybe('Who owned it when it left the funnel.'),
    exit_value_minor: { type: 'bigint', nullable: true, comment: 'Value of a deal when it was closed, in minor units.' },
    exit_currency: maybe('Currency of that value.'),
    ...dimensions,
  },
  // What has not been left is found by the last one: an index over all of it would hold every milestone there ever was.
  indexes: [{ columns: ['entered_at'] }, { columns: ['left_at'], where: 'left_at IS NOT NULL' }, { columns: ['journey'] }, { columns: ['kind', 'step'], where: "left_at IS NULL AND kind <> 'milestone'" }],
};

const lead: TableSpec = {
  comment: 'A lead as it stands.',
  key: ['lead_id'],
  columns: {
    lead_id: text('Its id.'),
    journey: text('lead:<id>.'),
    owner_id: maybe('Who owns it now.'),
    captured_owner_id: maybe('Who owned it when it was captured.'),
    status: text('open, disqualified, converted or merged.'),
    captured_at: at('When it was captured.'),
    source: text('Where it came from.'),
    campaign_id: maybe('The campaign it came from.'),
    product: maybe('What it is about.'),
    region: maybe('Its region.'),
    segment: maybe('Its segment.'),
    merged_into: maybe('The lead that goes on for this duplicate.'),
  },
  indexes: [{ columns: ['captured_at'] }],
};

const deal: TableSpec = {
  comment: 'A deal as it stands.',
  key: ['deal_id'],
  columns: {
    deal_id: text('Its id.'),
    journey: text('lead:<id> of its lead, or deal:<id>.'),
    lead_id: maybe('The lead it came from.'),
    owner_id: text('Who owns it now.'),
    opened_owner_id: text('Who owned it when it was opened.'),
    status: text('open, won or lost.'),
    opened_at: at('When it was opened.'),
    expected_close_on: { type: 'date', nullable: true, comment: 'Day it is expected to close.' },
    open_roadblocks: whole('Roadblocks not yet cleared.'),
    ...money,
    ...dimensions,
  },
  indexes: [{ columns: ['opened_at'] }, { columns: ['status'], where: "status = 'open'" }, { columns: ['lead_id'], where: 'lead_id IS NOT NULL' }],
};

const closing: TableSpec = {
  comment: 'One closing of a deal, true from closed_at until reopened_at.',
  key: ['deal_id', 'closing'],
  columns: {
    deal_id: text('The deal.'),
    closing: whole('Running number, from 1.'),
    lead_id: maybe('The lead it came from.'),
    outcome: text('won or lost.'),
    reason: maybe('Why it was lost.'),
    stage: text('The stage it was closed in.'),
    opened_at: at('When the deal was opened.'),
    closed_at: at('When it was closed.'),
    reopened_at: maybeAt('When the closing was reversed.'),
    owner_id: text('Who owned it when it was closed.'),
    ...money,
    ...dimensions,
  },
  indexes: [{ columns: ['closed_at'] }, { columns: ['reopened_at'], where: 'reopened_at IS NOT NULL' }, { columns: ['lead_id'], where: 'lead_id IS NOT NULL' }],
};

const roadblock: TableSpec = {
  comment: 'One roadblock in the way of a deal.',
  key: ['deal_id', 'raise'],
  columns: {
    deal_id: text('The deal.'),
    raise: whole('Running number within the deal, from 1.'),
    roadblock_id: text('Its id.'),
    lead_id: maybe('The lead of the deal.'),
    cause: text('legal, pricing, technical …'),
    raised_at: at('When it was raised.'),
    ended_at: maybeAt('When it was cleared, or the deal closed over it.'),
    ended_by: maybe('cleared or closed.'),
    owner_id: text('Who owned the deal when it was raised.'),
    ...dimensions,
  },
  indexes: [{ columns: ['raised_at'] }, { columns: ['cause'], where: 'ended_at IS NULL' }, { columns: ['ended_at'] }],
};

const roster: TableSpec = {
  comment: 'Role and team of a member, by the dates they were true on.',
  key: ['member_id', 'stay'],
  columns: {
    member_id: text('The member.'),
    stay: whole('Running number, from 1.'),
    role: text('Role on those dates.'),
    team_id: maybe('Team on those dates.'),
    manager_id: maybe('Manager on those dates.'),
    region: maybe('Region on those dates.'),
    valid_from: maybeAt('First moment; empty for the first stay: since ever.'),
    valid_to: maybeAt('Moment it ended; empty while it lasts.'),
  },
};

const stage: TableSpec = {
  comment: 'A stage of a pipeline, as last defined.',
  key: ['pipeline_id', 'stage'],
  columns: {
    pipeline_id: text('The pipeline.'),
    pipeline_name: text('Name of the pipeline.'),
    stage: text('The stage.'),
    name: text('Its name.'),
    place: whole('Its place in the order, from 0.'),
    probability_percent: { type: 'double', comment: 'Chance, in percent, that a deal in it is won.' },
    service_level_days: { type: 'double', nullable: true, comment: 'Calendar days after which a deal in it counts as stalled.' },
  },
};

const company: TableSpec = {
  comment: 'The company’s settings that reports start from.',
  key: ['setting'],
  columns: { setting: text('zone, currency or fiscalYearStartMonth.'), value: text('Its value.') },
};

/** The funnel's tables; `funnel_<name>` in SQL. */
export const funnelTables = { visit, lead, deal, closing, roadblock, roster, stage, company };
export type FunnelTable = keyof typeof funnelTables;
