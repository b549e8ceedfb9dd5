import type { ColumnSpec, TableSpec } from '../../libs/kernel/projection.js';

const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
const maybe = (comment: string): ColumnSpec => ({ type: 'text', comment, nullable: true });
const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });
const maybeAt = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment, nullable: true });
const day = (comment: string): ColumnSpec => ({ type: 'date', comment });
const maybeDay = (comment: string): ColumnSpec => ({ type: 'date', comment, nullable: true });

const training: TableSpec = {
  comment: 'Courses that members were given to take.',
  key: ['training_id'],
  columns: {
    training_id: text('Id of the training.'), member_id: text('Who is to take it.'), course: text('The course.'), assigned_at: at('When it was given.'), due_on: maybeDay('The last day on which it is done in time.'),
    completed_at: maybeAt('When it was taken.'), score_percent: { type: 'integer', comment: 'With what result.', nullable: true },
  },
  indexes: [{ columns: ['member_id'] }],
};

const certificate: TableSpec = {
  comment: 'Certificates of members, as last issued.',
  key: ['certification_id'],
  columns: {
    certification_id: text('Id of the certificate.'), member_id: text('Who holds it.'), certificate: text('What it certifies.'),
    certificate_key: text('The same in small letters: what makes two of them the same certificate.'), issued_on: day('When it was issued.'), expires_on: maybeDay('The last day on which it is valid; null: for good.'),
    expired: { type: 'boolean', comment: 'Whether the clock has marked it as expired.' },
  },
  indexes: [{ columns: ['member_id'] }, { columns: ['expires_on'] }],
};

const material: TableSpec = {
  comment: 'Sales material, as last published.',
  key: ['material_id'],
  columns: { material_id: text('Id of the material.'), title: text('Its title.'), material_kind: text('deck, one_pager, case_study …'), edition: maybe('Its edition.'), product: maybe('What it is about.'), published_at: at('When this edition was published.') },
};

const share: TableSpec = {
  comment: 'Material that was shown to a deal or lead, each time.',
  key: ['subject_kind', 'subject_id', 'nth'],
  columns: { subject_kind: text('deal or lead.'), subject_id: text('Its id.'), nth: { type: 'integer', comment: 'Counts the shares with it, from 1.' }, material_id: text('What was shown.'), member_id: text('Who showed it.'), shared_at: at('When.') },
  indexes: [{ columns: ['material_id'] }, { columns: ['shared_at'] }],
};

const deal: TableSpec = {
  comment: 'Deals, for what material did on them.',
  key: ['deal_id'],
  columns: { deal_id: text('The deal.'), lead_id: maybe('The lead it came from: what that was shown counts as well.'), status: text('open, won or lost.'), closed_at: maybeAt('When it was closed.') },
  indexes: [{ columns: ['lead_id'] }, { columns: ['closed_at'] }],
};

const member: TableSpec = {
  comment: 'Members, for whom to count.',
  key: ['member_id'],
  columns: { member_id: text('The member.'), team_id: maybe('Their team.'), left_at: maybeAt('When they leave or left.') },
};

/** The tables of enablement; `enablement_<name>` in SQL. */
export const enablementTables = { training, certificate, material, share, deal, member };
export type EnablementTable = keyof typeof enablementTables;
