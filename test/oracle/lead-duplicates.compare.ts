import type { Recorded } from '../../libs/kernel/event.js';
import type { AnswerHead } from '../../libs/kernel/report.js';
import type { LeadDuplicatesAnswer } from '../../projections/lead-duplicates/lead-duplicates.report.js';
import { Comparison, type At } from './differences.js';
import { duplicatesOracle, type Question, type Reader } from './lead-duplicates.js';
import { knownTo, type Live } from './live.js';

const PAGES_MAX = 400;

/** Of which lead or member, so many groups a page. */
export interface DuplicatesAsked extends Question {
  readonly limit: number;
}

/** What is forgotten by now is not known of the past either. */
function withoutForgotten(events: readonly Recorded[], all: readonly Recorded[]): Recorded[] {
  const forgotten = new Set(all.filter(({ type }) => type === 'ContactForgotten').map(({ data }) => Reflect.get(data, 'contactId') as unknown));
  return events.map((event) => (event.type === 'LeadCaptured' && forgotten.has(Reflect.get(event.data, 'leadId')) ? { ...event, data: { ...event.data, contact: {} } } : event));
}

/** Every list of groups, page after page, and its counts: by the report and by plain loops over the events it rests on. */
export async function compareDuplicates({ log, ask }: Live, questions: readonly At<DuplicatesAsked>[], reader: Reader): Promise<{ readonly found: Comparison; readonly groups: number }> {
  const found = new Comparison();
  let groups = 0;
  for (const { asked: { limit, ...asked }, asOf } of questions) {
    const query = { limit: String(limit), ...(asked.leadId !== undefined && { leadId: asked.leadId }), ...(asked.owner !== undefined && { ownerId: asked.owner }), ...(asOf !== undefined && { asOf }) };
    const told: unknown[] = [];
    let answer = await ask<LeadDuplicatesAnswer & AnswerHead>(query);
    for (let page = 1; ; page += 1) {
      told.push(...answer.groups.map(({ by, into, leads }) => ({ by: [...by], into, leads: leads.map(({ leadId, status, capturedAt, ownerId }) => [leadId, status, capturedAt, ownerId]) })));
      if (answer.nextCursor === null || page === PAGES_MAX) break;
      answer = await ask<LeadDuplicatesAnswer & AnswerHead>({ ...query, cursor: answer.nextCursor });
    }
    const { total, surplusLeads } = answer;
    found.compare({ query, asOf: answer.asOf }, { total, surplusLeads, groups: told }, duplicatesOracle(withoutForgotten(knownTo(log, answer), log.events), asked, reader));
    groups += told.length;
  }
  return { found, groups };
}
