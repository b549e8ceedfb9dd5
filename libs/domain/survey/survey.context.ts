import { context, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { subjectExists } from '../subject.js';
import { RecordSurveyAnswer, SendSurvey, type SurveyCommand } from './commands.js';
import { survey, surveyRefusals, type Survey, type SurveyFacts } from './decider.js';
import { surveyEvents } from './events.js';

const NOT_ASKED: SurveyFacts = { owner: { status: 'unknown' }, subjectExists: false };

const facts: Facts<SurveyCommand, Survey, SurveyFacts> = async (read, command, _, occurredAt) => {
  if (command.type !== 'SendSurvey') return NOT_ASKED;
  const [owner, exists] = await Promise.all([memberAt(read, command.ownerId, occurredAt), subjectExists(read, command.subject)]);
  return { owner, subjectExists: exists };
};

export const surveyContext = context({
  name: 'survey',
  category: 'survey',
  idField: 'surveyId',
  commands: [SendSurvey, RecordSurveyAnswer],
  events: surveyEvents,
  refusals: surveyRefusals,
  decider: survey,
  facts,
});
