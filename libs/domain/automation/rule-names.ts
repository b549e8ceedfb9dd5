/**
 * The rules that do routine work, and how many minutes of a person's time one action of each saves by default:
 * finding who has room, typing it in, remembering it at all. A rule's settings may give another figure (`minutesSaved`).
 */
export const RULES = {
  assign_lead: { title: 'Gives each new lead to a member by territory and load', minutesSaved: 4 },
  first_follow_up: { title: 'Plans the first follow-up when a lead is qualified', minutesSaved: 3 },
  follow_up_cadence: { title: 'Plans the next follow-up when one is done', minutesSaved: 3 },
  escalate_after_second_miss: { title: 'Gives the manager a task when a second follow-up is missed', minutesSaved: 10 },
  meeting_follow_up: { title: 'Plans a follow-up when a meeting was held or missed', minutesSaved: 3 },
  onboard_won_deal: { title: 'Onboards the client of a won deal', minutesSaved: 15 },
  onboarding_task: { title: 'Allocates the tasks of an onboarding', minutesSaved: 5 },
  contract_for_won_deal: { title: 'Drafts the contract of a won deal', minutesSaved: 10 },
  survey_after_resolution: { title: 'Sends a survey when a case is resolved', minutesSaved: 4 },
  renewal_reminder: { title: 'Allocates a task ahead of a renewal day', minutesSaved: 5 },
  certificate_reminder: { title: 'Allocates a task before a certificate expires', minutesSaved: 5 },
  reassign_on_departure: { title: 'Hands the open work of a member who leaves to others', minutesSaved: 6 },
} as const;

export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as RuleName[]; // the keys of a const object are its key type
