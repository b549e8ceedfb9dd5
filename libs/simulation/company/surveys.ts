import { RecordSurveyAnswer, SendSurvey } from '../../domain/survey/commands.js';
import { build } from '../../kernel/command.js';
import type { Client } from './client.js';
import { WEB_FORM, type Company } from './company.js';
import { HOUR_MS } from './work-time.js';

const NPS_ANSWER_CHANCE = 0.38;
const CSAT_ANSWER_CHANCE = 0.45;

const COMMENTS = ['Quick and friendly.', 'Took longer than promised.', 'All good.', 'The answer came late, but it helped.', 'Please call before you send a form.'];

/** Asks a client how likely they are to recommend the company; the better their mood, the higher the answer. */
export function askHowLikely(company: Company, client: Client): void {
  const surveyId = company.world.id('survey');
  const { random, mood } = client;
  company.send(client.owner, build(SendSurvey, { surveyId, kind: 'nps', subject: { kind: 'client', id: client.id }, ownerId: client.owner.id, clientId: client.id }));
  const score = Math.max(0, Math.min(10, Math.round(3.4 + 6 * mood + random.between(-2, 1.8))));
  if (random.chance(NPS_ANSWER_CHANCE)) answer(company, client, surveyId, score);
}

/** Asks how satisfied they are with how a case was handled. */
export function askHowSatisfied(company: Company, client: Client, caseId: string, wasLate: boolean): void {
  const surveyId = company.world.id('survey');
  const { random, mood, owner } = client;
  company.send(owner, build(SendSurvey, { surveyId, kind: 'csat', subject: { kind: 'case', id: caseId }, ownerId: owner.id, clientId: client.id, caseId }));
  const score = Math.max(1, Math.min(5, Math.round(2.5 + 2 * mood - (wasLate ? 1 : 0) + random.between(-0.6, 0.9))));
  if (random.chance(CSAT_ANSWER_CHANCE)) answer(company, client, surveyId, score);
}

/** It is the client who answers, through the company's pages. */
function answer(company: Company, { random }: Client, surveyId: string, score: number): void {
  const comment = random.chance(0.3) ? { comment: random.pick(COMMENTS) } : {};
  company.world.at(company.nowMs + random.lognormal(20, 1) * HOUR_MS, () => company.send(WEB_FORM, build(RecordSurveyAnswer, { surveyId, score, ...comment })));
}
