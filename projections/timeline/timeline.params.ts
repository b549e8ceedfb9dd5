import type { LocalDate } from '../../libs/kernel/event.js';
import { IsCursor } from '../../libs/kernel/cursor.js';
import { IsDay, IsId, IsListOfIds, IsOneOf, IsWhole, IsZone } from '../../libs/kernel/fields.js';
import { EndsPeriod, GoesWith } from '../coordinator-efficiency/period.js';

const ENTRIES_MAX = 500;
export const TIMELINE_SUBJECTS = ['lead', 'deal', 'client', 'case', 'contract', 'member', 'follow_up', 'meeting', 'task', 'survey', 'campaign', 'target', 'team'] as const;
export type TimelineSubject = (typeof TIMELINE_SUBJECTS)[number];

/** The last entry of a page: when it happened, and its place in the log. */
export const CURSOR = ['instant', 'whole'] as const;

/** The query string of the timeline. Lists take commas. */
export class TimelineParams {
  @GoesWith('subjectId') @IsOneOf(TIMELINE_SUBJECTS, { optional: true, description: 'With subjectId: what happened to this, and to all that belongs to it. Default: everything that happened.' }) subjectKind?: TimelineSubject;
  @GoesWith('subjectKind') @IsId({ optional: true, description: 'With subjectKind.' }) subjectId?: string;
  @IsId({ optional: true, description: 'Only what this member did, is named in, or what happened to their work while it was theirs.' }) memberId?: string;
  @IsListOfIds({ optional: true, max: 50, description: 'Only events of these types.' }) types?: string[];
  @IsDay({ optional: true, description: 'First day on which it happened, in tz. Default: since ever.' }) from?: LocalDate;
  @EndsPeriod(Infinity) @IsDay({ optional: true, description: 'Last day, included. Default: without end.' }) to?: LocalDate;
  @IsZone({ optional: true, description: 'Time zone in which days are cut. Default: the company’s.' }) tz?: string;
  @IsWhole(1, ENTRIES_MAX, { optional: true, description: 'The most entries in one answer.' }) limit = 50;
  @IsCursor(CURSOR, { optional: true, description: 'nextCursor of the answer before: the entries before it.' }) cursor?: string;
}
