import type { AnyRule } from '../kernel/rule.js';
import { handOverCases } from './case/rules.js';
import { handOverClients, onboardWonDeal } from './client/rules.js';
import { contractForWonDeal } from './contract/rules.js';
import { handOverDeals } from './deal/rules.js';
import { firstFollowUp, followUpCadence, handOverFollowUps, meetingFollowUp } from './follow-up/rules.js';
import { assignLead, handOverLeads } from './lead/rules.js';
import { surveyAfterResolution } from './survey/rules.js';
import { certificateReminder, escalateAfterSecondMiss, handOverTasks, onboardingTask, renewalReminder } from './task/rules.js';

/** Every rule that the engine can run, each in the context whose commands it sends. */
export const rules: readonly AnyRule[] = [
  assignLead, firstFollowUp, followUpCadence, escalateAfterSecondMiss, meetingFollowUp, onboardWonDeal, onboardingTask, contractForWonDeal, surveyAfterResolution, renewalReminder, certificateReminder,
  handOverLeads, handOverDeals, handOverTasks, handOverFollowUps, handOverCases, handOverClients,
];
