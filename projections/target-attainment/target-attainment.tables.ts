import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const maybe = (comment: string): ColumnSpec => ({ type: 'text', comment, nullable: true });
const whole = (comment: string): ColumnSpec => ({ type: 'integer', comment });
const amount = (comment: string): ColumnSpec => ({ type: 'bigint', comment });
const maybeAmount = (comment: string): ColumnSpec => ({ type: 'bigint', comment, nullable: true });
const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });
const maybeAt = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment, nullable: true });
const day = (comment: string): ColumnSpec => ({ type: 'date', comment });
const json = (comment: string): ColumnSpec => ({ type: 'jsonb', comment });
const maybeJson = (comment: string): ColumnSpec => ({ type: 'jsonb', comment, nullable: true });

const target: TableSpec = {
  comment: 'A target as it was set and as it was last revised.',
  key: ['target_id'],
  columns: {
    target_id: text('Its id.'),
    metric: text('booked_value, won_deals, meetings_held or qualified_leads.'),
    scope: text('member, team or company.'),
    scope_id: maybe('The member or team; none for the company.'),
    period_from: day('First day of the period.'),
    period_to: day('Last day of the period, included.'),
    zone: text('Where its days begin and end.'),
    currency: maybe('Currency of a target of booked value.'),
    set_at: at('When it was set.'),
    set_amount: amount('What was to be reached as it was set: minor units or a count.'),
    set_weights: maybeJson('The seasonal curve as it was set: a weight for each calendar month that the period touches.'),
    amount: amount('What is to be reached as last revised.'),
    weights: maybeJson('The seasonal curve as last revised.'),
    revised_at: maybeAt('When it was last revised.'),
    withdrawn_at: maybeAt('When it was withdrawn.'),
  },
  indexes: [{ columns: ['period_from', 'period_to'] }, { columns: ['scope', 'scope_id'] }],
};

const revision: TableSpec = {
  comment: 'One revision of a target.',
  key: ['target_id', 'revision'],
  columns: {
    target_id: text('The target.'),
    revision: whole('Running number, from 1.'),
    revised_at: at('When it was revised.'),
    from_amount: amount('The amount before.'),
    amount: amount('The amount from then on.'),
    reason: text('Why.'),
  },
};

const achievement: TableSpec = {
  comment: 'What counts towards targets: one row for each share of a won deal, of its reversal, of a meeting held or of a lead qualified.',
  key: ['event_id', 'credited', 'share'],
  columns: {
    event_id: text('The event that made it count.'),
    credited: text('always; or, where they differ, at-event (who owned it then) and current (who owns it now).'),
    share: whole('Running number of the share, from 1.'),
    kind: text('won, reversed, held or qualified.'),
    subject: text('deal, meeting or lead.'),
    subject_id: text('Id of the deal, meeting or lead.'),
    member_id: maybe('Who has the credit; none for a lead without an owner.'),
    occurred_at: at('When it happened: the period it counts in.'),
    roster_at: at('The moment whose team and role count: that of the winning for a reversal, occurred_at otherwise.'),
    percent: whole('Share of the credit in percent; negative for a reversal.'),
    value_minor: amount('Share of the value in minor units, negative for a reversal; 0 for meetings and leads.'),
    currency: maybe('ISO 4217 code of the value.'),
    converted_minor: maybeAmount('Share of the value in converted_to, at the rate on the event.'),
    converted_to: maybe('Currency that the event gave a rate for.'),
    reversed_at: maybeAt('When a won deal was reopened.'),
  },
  indexes: [{ columns: ['subject', 'occurred_at'] }, { columns: ['member_id', 'subject', 'occurred_at'] }, { columns: ['subject_id'] }],
};

const openDeal: TableSpec = {
  comment: 'One share of an open deal, as it stands.',
  key: ['deal_id', 'share'],
  columns: {
    deal_id: text('The deal.'),
    share: whole('Running number of the share, from 1.'),
    member_id: text('Who would have the credit.'),
    percent: whole('Share of the credit in percent.'),
    value_minor: amount('Share of the value in minor units.'),
    currency: text('ISO 4217 code of the value.'),
    converted_minor: maybeAmount('Share of the value in converted_to, at the last rate given.'),
    converted_to: maybe('Currency that an event gave a rate for.'),
    pipeline_id: text('The pipeline.'),
    stage: text('The stage it is in.'),
    expected_close_on: { type: 'date', nullable: true, comment: 'Day it is expected to close.' },
  },
  indexes: [{ columns: ['expected_close_on'] }, { columns: ['member_id'] }],
};

const stage: TableSpec = {
  comment: 'A stage of a pipeline with the chance it was last given, also where the pipeline has it no longer.',
  key: ['pipeline_id', 'stage'],
  columns: { pipeline_id: text('The pipeline.'), stage: text('The stage.'), probability_percent: whole('Chance that a deal in it is won.') },
};

const roster: TableSpec = {
  comment: 'Role and team of a member, by the dates they were true on.',
  key: ['member_id', 'stay'],
  columns: {
    member_id: text('The member.'),
    stay: whole('Running number, from 1.'),
    role: text('Role on those dates.'),
    team_id: maybe('Team on those dates.'),
    valid_from: maybeAt('First moment; empty for the first stay: since ever.'),
    valid_to: maybeAt('Moment it ended; empty while it lasts.'),
  },
  indexes: [{ columns: ['team_id'] }],
};

const calendar: TableSpec = {
  comment: 'Working days of the company or of a member, by the dates they were true on.',
  key: ['holder', 'holder_id', 'version'],
  columns: {
    holder: text('company or member.'),
    holder_id: text('The member; empty for the company.'),
    version: whole('Running number, from 1.'),
    valid_from: maybeAt('First moment; empty for the first version: since ever.'),
    weekdays: json('ISO weekdays on which people work, 1 = Monday.'),
    holidays: json('Days on which they do not.'),
  },
};

const company: TableSpec = {
  comment: 'The company’s settings that reports start from.',
  key: ['setting'],
  columns: { setting: text('zone, currency or fiscalYearStartMonth.'), value: text('Its value.') },
};

const bonusTerms: TableSpec = {
  comment: 'The terms of a bonus plan, as laid down and as revised.',
  key: ['plan_id', 'terms'],
  columns: {
    plan_id: text('The plan.'),
    terms: whole('Running number in the order they were laid down, from 1.'),
    name: text('Name of the plan.'),
    metric: text('The figure it pays for.'),
    period_kind: text('month, quarter or year.'),
    currency: text('Currency it pays in.'),
    member_ids: json('Whom it pays.'),
    tiers: json('From which attainment it pays which rate or amount, by rising threshold.'),
    cap_minor: maybeAmount('The most that one member gets for one period, in minor units.'),
    clawback: { type: 'boolean', comment: 'Whether a reopened deal takes back what it brought.' },
    effective_from: day('The terms hold for periods that start on this day or later.'),
  },
  indexes: [{ columns: ['effective_from'] }],
};

const bonusApproval: TableSpec = {
  comment: 'A bonus that was approved.',
  key: ['event_id'],
  columns: {
    event_id: text('The event that approved it.'),
    plan_id: text('The plan.'),
    member_id: text('Who gets it.'),
    period_from: day('First day of the period it is for.'),
    period_to: day('Last day of the period it is for, included.'),
    amount_minor: amount('How much, in minor units.'),
    currency: text('Currency of the amount.'),
    approved_by: text('Who approved it.'),
    approved_at: at('When.'),
  },
  indexes: [{ columns: ['plan_id', 'member_id', 'period_from'] }],
};

/** The tables of target attainment; `target_attainment_<name>` in SQL. */
export const targetAttainmentTables = { target, revision, achievement, open_deal: openDeal, stage, roster, calendar, company, bonus_terms: bonusTerms, bonus_approval: bonusApproval };
export type TargetAttainmentTable = keyof typeof targetAttainmentTables;
