import type { CampaignEvent } from '../../libs/domain/campaign/events.js';
import type { ContractEvent } from '../../libs/domain/contract/events.js';
import type { DealEvent } from '../../libs/domain/deal/events.js';
import type { FollowUpEvent } from '../../libs/domain/follow-up/events.js';
import type { LeadEvent } from '../../libs/domain/lead/events.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import { about, also, listed, money, when, words, type Sentences } from './wording.js';

const leads: Sentences<LeadEvent> = {
  LeadCaptured: ({ source, company, ownerId }) => `Lead captured from ${source}${also(', company ', company)}${also(', owned by ', ownerId)}.`,
  LeadAssigned: ({ ownerId, from, reason }) => `Lead given to ${ownerId}${also(', before ', from)}${also(': ', reason)}.`,
  LeadContacted: ({ memberId, channel, direction, automated }) => (direction === 'inbound' ? `The lead got in touch with ${memberId} by ${words(channel)}.` : `${memberId} contacted the lead by ${words(channel)}${automated ? ', automatically' : ''}.`),
  LeadScored: ({ score, model }) => `Lead scored ${score}${also(' by ', model)}.`,
  LeadQualified: () => 'Lead qualified.',
  LeadDisqualified: ({ reason }) => `Lead disqualified: ${words(reason)}.`,
  LeadReopened: ({ reason }) => `Lead reopened: ${reason}.`,
  LeadMerged: ({ leadId, intoLeadId }) => `Lead ${leadId} merged into lead ${intoLeadId}.`,
  LeadConverted: ({ dealId, clientId }) => `Lead converted${also(' to deal ', dealId)}${also(dealId === undefined ? ' to client ' : ' and client ', clientId)}.`,
};

const deals: Sentences<DealEvent> = {
  DealOpened: ({ name, value, stage, ownerId }) => `Deal “${name}” opened by ${ownerId} in stage ${stage}, worth ${money(value)}.`,
  DealStageChanged: ({ from, to }) => `Deal moved from stage ${from} to ${to}.`,
  DealValueRevised: ({ value, from, expectedCloseOn, reason }) => `Deal revised from ${money(from)} to ${money(value)}${also(', expected to close on ', expectedCloseOn)}${also(': ', reason)}.`,
  DealReassigned: ({ ownerId, from, reason }) => `Deal handed from ${from} to ${ownerId}${also(': ', reason)}.`,
  DealCreditSplit: ({ shares }) => `Credit split: ${listed(shares.map(({ memberId, percent }) => `${memberId} ${percent} %`))}.`,
  RoadblockRaised: ({ cause, note }) => `Roadblock raised: ${words(cause)}${also(', ', note)}.`,
  RoadblockCleared: ({ roadblockId, note }) => `Roadblock ${roadblockId} cleared${also(': ', note)}.`,
  DealClosed: ({ outcome, value, reason, ownerId }) => `Deal ${outcome} at ${money(value)} by ${ownerId}${also(': ', reason && words(reason))}.`,
  DealReopened: ({ outcome, value, stage, reason }) => `Deal that was ${outcome} at ${money(value)} reopened in stage ${stage}: ${reason}.`,
};

const meetings: Sentences<MeetingEvent> = {
  MeetingScheduled: ({ title, ownerId, attendeeIds, startsAt, subject }) => `Meeting “${title}” about ${about(subject)} scheduled for ${when(startsAt)} with ${listed([ownerId, ...attendeeIds])}.`,
  MeetingRescheduled: ({ startsAt, from, reason }) => `Meeting moved from ${when(from.startsAt)} to ${when(startsAt)}: ${reason}.`,
  MeetingHeld: ({ outcome }) => `Meeting held: ${words(outcome)}.`,
  MeetingCancelled: ({ by, reason }) => `Meeting cancelled by ${by}: ${reason}.`,
  MeetingMissed: () => 'Meeting missed: the other side did not come.',
};

const followUps: Sentences<FollowUpEvent> = {
  FollowUpScheduled: ({ ownerId, dueAt, channel, subject, note }) => `Follow-up of ${about(subject)} scheduled for ${ownerId}, due ${when(dueAt)}${also(', by ', channel)}${also(': ', note)}.`,
  FollowUpRescheduled: ({ dueAt, reason }) => `Follow-up moved to ${when(dueAt)}: ${reason}.`,
  FollowUpCompleted: ({ outcome, note }) => `Follow-up done: ${words(outcome)}${also(', ', note)}.`,
  FollowUpCancelled: ({ reason }) => `Follow-up cancelled: ${reason}.`,
  FollowUpMissed: ({ dueAt }) => `Follow-up missed: it was due ${when(dueAt)}.`,
};

const contracts: Sentences<ContractEvent> = {
  ContractDrafted: ({ contractId, dealId, ownerId, dueAt, title }) => `Contract ${title === undefined ? contractId : `“${title}”`} for deal ${dealId} drafted by ${ownerId}, to be signed by ${when(dueAt)}.`,
  ContractSent: ({ channel, note }) => `Contract sent${also(' by ', channel && words(channel))}${also(': ', note)}.`,
  ContractSigned: ({ note }) => `Contract signed${also(': ', note)}.`,
  ContractVoided: ({ reason }) => `Contract voided: ${reason}.`,
  ContractDeadlineMissed: ({ dueAt }) => `Contract not signed by ${when(dueAt)}.`,
};

const campaigns: Sentences<CampaignEvent> = {
  CampaignLaunched: ({ name, channel, startsOn, budget }) => `Campaign “${name}” (${words(channel)}) launched for ${startsOn}${also(', budget ', budget && money(budget))}.`,
  CampaignEnded: ({ campaignId, spent }) => `Campaign ${campaignId} ended${also(', spent ', spent && money(spent))}.`,
  LeadAttributed: ({ leadId, campaignId }) => `Lead ${leadId} attributed to campaign ${campaignId}.`,
};

export type SellingEvent = LeadEvent | DealEvent | MeetingEvent | FollowUpEvent | ContractEvent | CampaignEvent;

/** What happens before a client is one. */
export const sellingSentences: Sentences<SellingEvent> = { ...leads, ...deals, ...meetings, ...followUps, ...contracts, ...campaigns };
