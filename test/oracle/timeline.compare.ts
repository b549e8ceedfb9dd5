import type { AnswerHead } from '../../libs/kernel/report.js';
import type { TimelineAnswer } from '../../projections/timeline/timeline.report.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';
import { timelineOracle, type Question } from './timeline.js';

const PAGES_MAX = 400;

/** Of whom and of what, so many entries a page. */
export interface TimelineAsked extends Question {
  readonly limit: number;
}

/** Every timeline, page after page: by the report and by plain loops over the events it rests on. */
export async function compareTimeline({ log, ask }: Live, questions: readonly At<TimelineAsked>[]): Promise<{ readonly found: Comparison; readonly told: number }> {
  const found = new Comparison();
  let told = 0;
  for (const { asked: { limit, ...asked }, asOf } of questions) {
    const { who, about, type, day } = asked;
    const [subjectKind, subjectId] = about?.split('/') ?? [];
    const query = { limit: String(limit), tz: 'UTC', ...(who !== undefined && { memberId: who }), ...(about !== undefined && { subjectKind, subjectId }), ...(type !== undefined && { types: type }), ...(day !== undefined && { from: day }), ...(asOf !== undefined && { asOf }) };
    const entries: string[] = [];
    let answer = await ask<TimelineAnswer & AnswerHead>(query);
    for (let page = 1; ; page += 1) {
      entries.push(...answer.entries.map(({ eventId }) => eventId));
      if (answer.nextCursor === null || page === PAGES_MAX) break;
      answer = await ask<TimelineAnswer & AnswerHead>({ ...query, cursor: answer.nextCursor });
    }
    found.compare({ query }, entries, timelineOracle(knownTo(log, answer), asked));
    told += entries.length;
  }
  return { found, told };
}
