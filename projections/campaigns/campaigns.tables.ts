import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const maybe = (comment: string): ColumnSpec => ({ type: 'text', comment, nullable: true });
const maybeMinor = (comment: string): ColumnSpec => ({ type: 'bigint', comment, nullable: true });
const maybeAt = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment, nullable: true });

const campaign: TableSpec = {
  comment: 'A campaign, when it ran and what it cost.',
  key: ['campaign_id'],
  columns: {
    campaign_id: text('Its id.'), name: text('Its name.'), channel: text('email, search, event …'),
    starts_on: { type: 'date', comment: 'Its first day.' }, ends_on: { type: 'date', nullable: true, comment: 'The last day planned; empty where none was.' }, ended_at: maybeAt('When it was ended; empty while it runs.'),
    cost_minor: maybeMinor('What it cost, in minor units: what was spent, where that is told, else its budget.'), currency: maybe('Of the cost.'), is_spent: { type: 'boolean', comment: 'Whether the cost is what was spent.' },
  },
};

const lead: TableSpec = {
  comment: 'A lead that came by a campaign; by several of them, one row for each.',
  key: ['campaign_id', 'lead_id'],
  columns: { campaign_id: text('The campaign.'), lead_id: text('The lead.') },
  indexes: [{ columns: ['lead_id'] }],
};

/** `campaigns_<name>` in SQL. */
export const campaignsTables = { campaign, lead };
export type CampaignsTable = keyof typeof campaignsTables;
