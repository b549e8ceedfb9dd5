import type { AnswerHead } from '../../libs/kernel/report.js';
import type { AgendaAnswer } from '../../projections/agenda/agenda.report.js';
import { agendaOracle, type Question } from './agenda.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';

const PAGES_MAX = 400;

/** Whose items in which state, so many a page. */
export interface AgendaAsked extends Question {
  readonly limit: number;
}

/** Every list of items, page after page, and its counts: by the report and by plain loops over the events it rests on. */
export async function compareAgenda({ log, ask }: Live, questions: readonly At<AgendaAsked>[]): Promise<{ readonly found: Comparison; readonly listed: number }> {
  const found = new Comparison();
  let listed = 0;
  for (const { asked: { who, state, limit }, asOf } of questions) {
    const query = { limit: String(limit), ...(asOf !== undefined && { asOf }), ...(who !== undefined && { memberId: who }), ...(state && { states: state }) };
    const items: string[] = [];
    let answer = await ask<AgendaAnswer & AnswerHead>(query);
    for (let page = 1; ; page += 1) {
      items.push(...answer.items.map((item) => [item.dueAt, item.kind, item.id, item.promiseId ?? '', item.memberId].join(' ')));
      if (answer.nextCursor === null || page === PAGES_MAX) break;
      answer = await ask<AgendaAnswer & AnswerHead>({ ...query, asOf: answer.asOf, cursor: answer.nextCursor });
    }
    const { total, late, missed, blocked } = answer;
    found.compare({ query, asOf: answer.asOf }, { items, total, late, missed, blocked }, agendaOracle(knownTo(log, answer), answer.asOf, { ...(who !== undefined && { who }), ...(state && { state }) }));
    listed += items.length;
  }
  return { found, listed };
}
