import type { AnyContext } from '../kernel/context.js';
import { automationContext } from './automation/automation.context.js';
import { bonusContext } from './bonus/bonus.context.js';
import { calendarFeedContext } from './calendar-feed/calendar-feed.context.js';
import { campaignContext } from './campaign/campaign.context.js';
import { caseContext } from './case/case.context.js';
import { clientContext } from './client/client.context.js';
import { contactContext } from './contact/contact.context.js';
import { contractContext } from './contract/contract.context.js';
import { dealContext } from './deal/deal.context.js';
import { enablementContext } from './enablement/enablement.context.js';
import { followUpContext } from './follow-up/follow-up.context.js';
import { leadContext } from './lead/lead.context.js';
import { meetingContext } from './meeting/meeting.context.js';
import { memberContext } from './member/member.context.js';
import { policyContext } from './policy/policy.context.js';
import { reportsContext } from './reports/reports.context.js';
import { surveyContext } from './survey/survey.context.js';
import { targetContext } from './target/target.context.js';
import { taskContext } from './task/task.context.js';
import { workLogContext } from './work-log/work-log.context.js';

/** Every context the engine serves: routes, handlers, event catalogue and documentation follow from this list. */
export const contexts: readonly AnyContext[] = [
  policyContext,
  memberContext,
  leadContext,
  contactContext,
  campaignContext,
  meetingContext,
  calendarFeedContext,
  followUpContext,
  dealContext,
  contractContext,
  clientContext,
  caseContext,
  surveyContext,
  taskContext,
  targetContext,
  bonusContext,
  workLogContext,
  enablementContext,
  automationContext,
  reportsContext,
];
