import type { Beside } from '../../libs/kernel/beside.js';
import type { ReportView } from '../../libs/kernel/report.js';
import { MATCHES, type DuplicateLead, type Match } from './groups.js';
import { matchKeys } from './match-keys.js';

/** So many are named in the answer to a capture; the report names all. */
export const LOOK_ALIKES_MAX = 10;

/** A lead that has something in common with the one just captured. */
export interface LookAlike extends DuplicateLead {
  readonly by: readonly Match[];
}

export interface CaptureDuplicates {
  /** The oldest first, at most LOOK_ALIKES_MAX. */
  readonly leads: readonly LookAlike[];
  readonly total: number;
  /** Log position up to which leads were looked at: what was captured after it is not among them. */
  readonly position: number;
  /** Where the report tells the same with all that was captured up to this lead. */
  readonly report: string;
}

type LookAlikeRow = DuplicateLead & { readonly [match in Match]: boolean | null } & { readonly total: number };

/** Leads with the same key as a lead; the rules of the report: a number without its country is like all that end alike. */
const LOOK_ALIKES = (table: string): string =>
  `SELECT l.lead_id AS "leadId", l.status, l.captured_at AS "capturedAt", l.source, l.owner_id AS "ownerId", l.company, count(*) OVER () AS total,
     l.email_key = $2::text AS email, l.phone_tail_key = $3::text AND ($4::text IS NULL OR l.phone_key IS NULL OR l.phone_key = $4::text) AS phone, l.company_and_name_key = $5::text AS company_and_name
   FROM ${table} l
   WHERE l.lead_id <> $1 AND (l.email_key = $2::text OR (l.phone_tail_key = $3::text AND ($4::text IS NULL OR l.phone_key IS NULL OR l.phone_key = $4::text)) OR l.company_and_name_key = $5::text)
   ORDER BY l.captured_at, l.lead_id LIMIT ${LOOK_ALIKES_MAX}`;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Leads that may be the same as one, by what was typed of it. @throws ReadStoreError */
async function look(view: ReportView, fields: Readonly<Record<string, unknown>>, { id, position }: { readonly id: string; readonly position: number }): Promise<CaptureDuplicates> {
  const keys = matchKeys({ name: text(fields['contactName']), email: text(fields['contactEmail']), phone: text(fields['contactPhone']), company: text(fields['company']) });
  const rows = await view.query<LookAlikeRow>(LOOK_ALIKES(view.table('lead_duplicates_lead')), [id, keys.email ?? null, keys.phoneTail ?? null, keys.phone ?? null, keys.companyAndName ?? null]);
  return {
    leads: rows.map(({ leadId, status, capturedAt, source, ownerId, company, ...row }) => ({ leadId, by: MATCHES.filter((match) => row[match]), status, capturedAt, source, ownerId, company })),
    total: rows[0]?.total ?? 0, position: view.position,
    report: `/v1/reports/lead-duplicates?leadId=${encodeURIComponent(id)}&minPosition=${position}`,
  };
}

const TEXT_OR_NOTHING = { oneOf: [{ type: 'string' }, { type: 'null' }] };

/** Whoever captures a lead sees at once that it may be there already. */
export const captureBeside: Beside = {
  command: 'CaptureLead',
  field: 'duplicates',
  projections: ['lead_duplicates'],
  schema: {
    description: 'Leads that may be the same, found by e-mail address, telephone number, or company and name. Left out by an engine without read models; null where they could not be asked.',
    oneOf: [{ type: 'null' }, {
      type: 'object', required: ['leads', 'total', 'position', 'report'],
      properties: {
        leads: {
          type: 'array', maxItems: LOOK_ALIKES_MAX, description: `The oldest first, at most ${LOOK_ALIKES_MAX}`,
          items: {
            type: 'object', required: ['leadId', 'by', 'status', 'capturedAt', 'source', 'ownerId', 'company'],
            properties: {
              leadId: { type: 'string' }, by: { type: 'array', items: { type: 'string', enum: [...MATCHES] }, description: 'What both have in common' }, status: { type: 'string', enum: ['open', 'qualified', 'disqualified', 'converted'] },
              capturedAt: { type: 'string', format: 'date-time' }, source: { type: 'string' }, ownerId: TEXT_OR_NOTHING, company: TEXT_OR_NOTHING,
            },
          },
        },
        total: { type: 'integer', description: 'How many there are' },
        position: { type: 'integer', description: 'Log position up to which leads were looked at: what was captured after it is not among them' },
        report: { type: 'string', description: 'Tells the same for certain: with all that was captured up to this lead' },
      },
    }],
  },
  look,
};
