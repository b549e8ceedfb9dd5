import { IsIn } from 'class-validator';
import { SUBJECT_KINDS, type SubjectKind } from '../../libs/domain/subject.js';
import type { LocalDate } from '../../libs/kernel/event.js';
import { IsCursor } from '../../libs/kernel/cursor.js';
import { IsDay, IsFlag, IsId, IsListOfIds, IsOneOf, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { EndsPeriod, GoesWith } from '../coordinator-efficiency/period.js';
import { AGENDA_KINDS, type AgendaKind } from './agenda.tables.js';

const ITEMS_MAX = 500;
/** The last item of a page: due time, kind, id, part and member. */
export const CURSOR = ['instant', 'text', 'text', 'text', 'text'] as const;

/** How an item stands; one may stand in several ways at once. */
export const AGENDA_STATES = ['late', 'today', 'later', 'missed', 'blocked'] as const;
export type AgendaState = (typeof AGENDA_STATES)[number];

/** The query string of the agenda. Lists take commas. */
export class AgendaParams {
  @IsListOfIds({ optional: true, max: 50, description: 'Only what these members are to do or take part in. Default: everybody’s.' }) memberId?: string[];
  @IsListOfIds({ optional: true, max: 50, description: 'Only what members who are in these teams at asOf are to do or take part in.' }) team?: string[];
  @IsDay({ optional: true, description: 'First day, in tz. Default: today.' }) from?: LocalDate;
  @EndsPeriod(Infinity) @IsDay({ optional: true, description: 'Last day, included. Default: without end.' }) to?: LocalDate;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: that of the member, where one is asked for, otherwise the company’s.' }) tz?: string;
  @IsFlag({ optional: true, description: 'What was due before the first day and is not done, too.' }) includeLate = true;
  @IsIn([...AGENDA_KINDS], { each: true })
  @IsListOfIds({ optional: true, max: AGENDA_KINDS.length, description: `Only these kinds: ${AGENDA_KINDS.join(', ')}.` }) kinds?: AgendaKind[];
  @IsIn([...AGENDA_STATES], { each: true })
  @IsListOfIds({ optional: true, max: AGENDA_STATES.length, description: 'Only what stands in one of these ways: late (due before asOf), today (due from asOf until the day ends in tz), later, missed (marked by the clock), blocked.' }) states?: AgendaState[];
  @IsOneOf(SUBJECT_KINDS, { optional: true, description: 'Only what is about a lead, deal, client, case or contract; with subjectId, about this one.' }) subjectKind?: SubjectKind;
  @GoesWith('subjectKind') @IsId({ optional: true, description: 'With subjectKind.' }) subjectId?: string;
  @IsWhole(1, ITEMS_MAX, { optional: true, description: 'The most items in one answer.' }) limit = 100;
  @IsCursor(CURSOR, { optional: true, description: 'nextCursor of the answer before: the items after it.' }) cursor?: string;
}
