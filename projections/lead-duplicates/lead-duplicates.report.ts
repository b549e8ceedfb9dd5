import { IsCursor, readCursor, writeCursor } from '../../libs/kernel/cursor.js';
import { IsId, IsWhole } from '../../libs/kernel/fields.js';
import { report, type ReportView } from '../../libs/kernel/report.js';
import { groupsOf, type DuplicateGroup, type DuplicateLead, type Link } from './groups.js';

const GROUPS_MAX = 500;
/** The last group of a page: when its newest lead was captured, and which that is. */
const CURSOR = ['instant', 'text'] as const;

/** The query string of the duplicates. */
export class LeadDuplicatesParams {
  @IsId({ optional: true, description: 'Only what may be the same as this lead: ask with it, and with minPosition, right after capturing one.' }) leadId?: string;
  @IsId({ optional: true, description: 'Only where this member works on one of them.' }) ownerId?: string;
  @IsWhole(1, GROUPS_MAX, { optional: true, description: 'The most groups in one answer; nextCursor leads to the next ones.' }) limit = 50;
  @IsCursor(CURSOR, { optional: true, description: 'nextCursor of the answer before: the groups after it.' }) cursor?: string;
}

export interface LeadDuplicatesAnswer {
  readonly total: number;
  readonly surplusLeads: number;
  readonly groups: readonly DuplicateGroup[];
  /** Leads to the next page; null on the last one. */
  readonly nextCursor: string | null;
}

const KEYS = ['email_key', 'phone_tail_key', 'company_and_name_key'];

/** What more than one lead has: little among much, and only who has it needs to be compared. A number without its country may be any that ends alike. */
async function sharedKeys(view: ReportView): Promise<{ readonly column: string; readonly keys: readonly string[] }[]> {
  const table = view.table('lead_duplicates_lead');
  const ask = async (column: string, condition: string): Promise<{ readonly column: string; readonly keys: readonly string[] }> =>
    ({ column, keys: (await view.query<{ key: string }>(`SELECT ${column} AS key FROM ${table} k WHERE ${condition}`)).map(({ key }) => key) });
  const shared = (column: string) => ask(column, `${column} IS NOT NULL GROUP BY ${column} HAVING count(*) > 1`);
  return Promise.all([shared('phone_key'), shared('company_and_name_key'), shared('email_key'), ask('phone_tail_key', 'phone_key IS NULL AND phone_tail_key IS NOT NULL GROUP BY phone_tail_key')]);
}

interface Candidates {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** All that have a key in common with some other. */
async function sharing(view: ReportView): Promise<Candidates> {
  const shared = await sharedKeys(view);
  return { sql: `SELECT l.* FROM ${view.table('lead_duplicates_lead')} l WHERE ${shared.map(({ column }, index) => `l.${column} = ANY ($${index + 1}::text[])`).join(' OR ')}`, values: shared.map(({ keys }) => keys) };
}

/** The lead and all that can be reached from it by keys in common, one after the other. */
function near(view: ReportView, leadId: string): Candidates {
  const table = view.table('lead_duplicates_lead');
  const columns = (alias: string): string => ['lead_id', ...KEYS].map((column) => `${alias}.${column}`).join(', ');
  const found = `SELECT ${columns('m')} FROM ${table} m WHERE m.lead_id = $1 UNION SELECT ${columns('o')} FROM ${table} o JOIN near n ON ${KEYS.map((key) => `o.${key} = n.${key}`).join(' OR ')}`;
  return { sql: `SELECT l.* FROM ${table} l WHERE l.lead_id IN (WITH RECURSIVE near AS (${found}) SELECT lead_id FROM near)`, values: [leadId] };
}

/**
 * Each lead with the first one it has something in common with: enough to tell what hangs together, and no more rows than leads.
 * A number without its country is linked to all that end alike; two numbers with their countries must be the same as a whole.
 */
const LINKS = (candidate: string): string => {
  const first = (key: string): string => `first_value(lead_id) OVER (PARTITION BY ${key} ORDER BY captured_at, lead_id)`;
  const sameKey = (key: string, by: string): string => `SELECT lead_id AS "leadId", ${first(key)} AS "otherId", '${by}' AS by FROM candidate WHERE ${key} IS NOT NULL`;
  return `WITH candidate AS (${candidate}),
    bare AS (SELECT phone_tail_key, min(lead_id) AS lead_id FROM candidate WHERE phone_key IS NULL AND phone_tail_key IS NOT NULL GROUP BY phone_tail_key)
    SELECT * FROM (${sameKey('email_key', 'email')} UNION ALL ${sameKey('company_and_name_key', 'company_and_name')} UNION ALL ${sameKey('phone_key', 'phone')}
      UNION ALL SELECT c.lead_id, b.lead_id, 'phone' FROM candidate c JOIN bare b USING (phone_tail_key)) link
    WHERE "leadId" <> "otherId" ORDER BY "leadId", "otherId", by`;
};

const isIn = (group: DuplicateGroup, wanted: (lead: DuplicateLead) => boolean): boolean => group.leads.some(wanted);

const newestOf = ({ leads }: DuplicateGroup): DuplicateLead => leads.at(-1)!; // a group has two at least

/** The groups behind a cursor; all of them where there is none. They come newest duplicate first. */
function after(groups: readonly DuplicateGroup[], cursor: string | undefined): readonly DuplicateGroup[] {
  const last = readCursor(CURSOR, cursor);
  if (!last) return groups;
  const [capturedAt, leadId] = last;
  return groups.filter((group) => { const newest = newestOf(group); return newest.capturedAt === capturedAt ? newest.leadId < leadId : newest.capturedAt < capturedAt; });
}

/** Leads that may be one and the same. @throws ReadStoreError */
export async function leadDuplicatesReport(view: ReportView, { leadId, ownerId, limit, cursor }: LeadDuplicatesParams): Promise<LeadDuplicatesAnswer> {
  const { sql, values } = leadId === undefined ? await sharing(view) : near(view, leadId);
  const links = await view.query<Link>(LINKS(sql), values);
  const ids = [...new Set(links.flatMap((link) => [link.leadId, link.otherId]))];
  const leads = ids.length === 0 ? [] : await view.query<DuplicateLead>(
    `SELECT l.lead_id AS "leadId", l.status, l.captured_at AS "capturedAt", l.source, l.owner_id AS "ownerId", l.company FROM ${view.table('lead_duplicates_lead')} l WHERE l.lead_id = ANY ($1::text[])`, [ids]);
  const groups = groupsOf(leads, links)
    .filter((group) => leadId === undefined || isIn(group, (lead) => lead.leadId === leadId))
    .filter((group) => ownerId === undefined || isIn(group, (lead) => lead.ownerId === ownerId));
  const behind = after(groups, cursor);
  const page = behind.slice(0, limit);
  const last = page.at(-1);
  return { total: groups.length, surplusLeads: groups.reduce((sum, group) => sum + group.leads.length - 1, 0), groups: page, nextCursor: last && behind.length > limit ? writeCursor(CURSOR, [newestOf(last).capturedAt, newestOf(last).leadId]) : null };
}

export const leadDuplicatesStatus = report({
  name: 'lead-duplicates',
  version: 1,
  title: 'Duplicate leads',
  description: 'Leads that may be one and the same: the same e-mail address, telephone number, or company and name, however they were typed. MergeLead merges them.',
  projections: ['lead_duplicates'],
  params: LeadDuplicatesParams,
  figures: [
    { name: 'total', title: 'Groups', unit: 'count', definition: 'Groups of leads that were not merged and hang together by e-mail address, telephone number, or company and name; compared without capitals, accents, spaces, legal forms, titles and the way numbers are dialled.' },
    { name: 'surplusLeads', title: 'Surplus leads', unit: 'count', definition: 'How many leads there would be fewer if each group were merged into one.' },
    { name: 'groups', title: 'Groups of leads', unit: 'records', definition: 'The groups, newest duplicate first, `limit` at a time, nextCursor leads to the next ones; `into` is the lead that should go on: the converted one, else the qualified one, else the oldest.' },
  ],
  run: leadDuplicatesReport,
});
