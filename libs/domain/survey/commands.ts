import { Command } from '../../kernel/command.js';
import { IsId, IsOneOf, IsText, IsWhole } from '../../kernel/fields.js';
import { IsSubject, type SubjectRef } from '../subject.js';
import { SURVEY_KINDS, type SurveyKind } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const COMMENT_LENGTH_MAX = 2_000;
/** Of the widest scale; the decider knows each kind's own. */
const SCORE_MAX = 10;

@Command({ path: 'POST /surveys', roles: SELLERS, creates: true, summary: 'Ask a client how satisfied it is (csat) or how likely to recommend us (nps)' })
export class SendSurvey {
  declare readonly type: 'SendSurvey';
  @IsId() surveyId!: string;
  @IsOneOf(SURVEY_KINDS) kind!: SurveyKind;
  @IsSubject({ description: 'The piece of work that is asked about' }) subject!: SubjectRef;
  @IsId({ description: 'The member whose work is asked about' }) ownerId!: string;
  @IsId({ optional: true }) clientId?: string;
  @IsId({ optional: true }) caseId?: string;
}

@Command({ path: 'POST /surveys/:surveyId/answer', roles: SELLERS, summary: 'Record the answer: 1 to 5 for csat, 0 to 10 for nps' })
export class RecordSurveyAnswer {
  declare readonly type: 'RecordSurveyAnswer';
  @IsId() surveyId!: string;
  @IsWhole(0, SCORE_MAX) score!: number;
  @IsText({ optional: true, max: COMMENT_LENGTH_MAX }) comment?: string;
}

export type SurveyCommand = SendSurvey | RecordSurveyAnswer;
