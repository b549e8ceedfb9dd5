import type { AnswerHead } from '../../libs/kernel/report.js';
import type { CalendarAnswer } from '../../projections/calendar/calendar.report.js';
import { calendarOracle, type Question } from './calendar.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';

/** The most that one answer holds: of more, the first ones are compared, and how many there are. */
const MEETINGS_MAX = 1_000;
const CLASHES_MAX = 500;

/** The meetings, clashes and links of each answer, by the report and by plain loops over the events it rests on. */
export async function compareCalendar({ log, ask }: Live, questions: readonly At<Question>[]): Promise<{ readonly found: Comparison; readonly meetings: number; readonly clashes: number }> {
  const found = new Comparison();
  let [met, clashed] = [0, 0];
  for (const { asked, asOf } of questions) {
    const { who, ...days } = asked;
    const answer = await ask<CalendarAnswer & AnswerHead>({ ...days, limit: MEETINGS_MAX, ...(who && { memberId: who.join() }), ...(asOf !== undefined && { asOf }) });
    const { meetings, clashes, feeds } = calendarOracle(knownTo(log, answer), asked);
    found.compare({ asked, asOf: answer.asOf }, {
      total: answer.total,
      meetings: answer.meetings.map((each) => [each.meetingId, each.memberId, each.takesPartAs, each.status, each.startsAt, each.endsAt, each.startsAtForMember, each.with.join(), `${each.subject.kind}/${each.subject.id}`]),
      clashes: answer.clashes.map((each) => [each.from, each.memberId, ...each.meetingIds, each.until, each.minutes]),
      feeds: answer.feeds.map((each) => [each.openedAt, each.feedId, each.memberId]),
    }, { total: meetings.length, meetings: meetings.slice(0, MEETINGS_MAX), clashes: clashes.slice(0, CLASHES_MAX), feeds });
    met += meetings.length;
    clashed += clashes.length;
  }
  return { found, meetings: met, clashes: clashed };
}
