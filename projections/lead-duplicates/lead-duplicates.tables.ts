import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const maybe = (comment: string): ColumnSpec => ({ type: 'text', comment, nullable: true });

const lead: TableSpec = {
  comment: 'Leads that were not merged away, and what each is known again by.',
  key: ['lead_id'],
  columns: {
    lead_id: { type: 'text', comment: 'Id of the lead.' },
    status: { type: 'text', comment: 'open, qualified, disqualified or converted.' },
    captured_at: { type: 'timestamptz', comment: 'When it was captured.' },
    source: { type: 'text', comment: 'Where it came from.' },
    owner_id: maybe('The member who works on it.'),
    company: maybe('The company, as it was typed.'),
    email_key: maybe('Digest of the plain e-mail address.'),
    phone_tail_key: maybe('Digest of the last digits of the telephone number.'),
    phone_key: maybe('Digest of the whole number with its country; null where it was typed without one.'),
    company_and_name_key: maybe('Digest of the plain company and the plain name of the person.'),
    forgotten: { type: 'boolean', comment: 'Whether the person was forgotten: then there is no digest, in former versions of the row neither.' },
  },
  indexes: [{ columns: ['email_key'] }, { columns: ['phone_key'] }, { columns: ['phone_tail_key'] }, { columns: ['company_and_name_key'] }],
};

/** The tables of duplicates; `lead_duplicates_<name>` in SQL. */
export const leadDuplicatesTables = { lead };
export type LeadDuplicatesTable = keyof typeof leadDuplicatesTables;
