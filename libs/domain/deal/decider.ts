import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { asItWas } from '../in-force.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { PipelineStage } from '../policy/events.js';
import type { DealCommand, MoveDealStage, OpenDeal } from './commands.js';
import { closeDeal, reopenDeal } from './decide-closing.js';
import { reassignDeal, splitDealCredit } from './decide-credit.js';
import { clearRoadblock, raiseRoadblock } from './decide-roadblock.js';
import { moneyProblem, reviseDealValue } from './decide-value.js';
import type { DealEvent } from './events.js';
import type { DealRefusal } from './refusals.js';
import { evolveDeal, type Deal, type OpenedDeal } from './state.js';

/** Each read only for the commands that rest on it. */
export interface DealFacts {
  /** Of the deal's pipeline; undefined when it is not defined. */
  readonly stages: readonly PipelineStage[] | undefined;
  readonly owner: MemberStanding;
  /** How the members named in the shares stand. */
  readonly shareMembers: ReadonlyMap<string, MemberStanding>;
  readonly leadExists: boolean;
}

export const DEFAULT_PIPELINE_ID = 'default';

/** A deal: open in a stage of its pipeline, then won or lost, and open again when that is reversed. */
export const deal: Decider<DealCommand, Deal, DealEvent, DealRefusal, DealFacts> = {
  initial: { status: 'absent' },

  evolve: evolveDeal,

  decide(state, command, { occurredAt, facts }) {
    if (command.type === 'OpenDeal') return state.status === 'absent' ? openDeal(command, occurredAt, facts) : refuse('deal_already_exists');
    if (state.status === 'absent') return refuse('deal_not_found');
    if (command.type === 'ReopenDeal') return state.status === 'closed' ? reopenDeal(state, command, occurredAt, facts.stages) : refuse('deal_not_closed');
    if (state.status === 'closed') return refuse('deal_already_closed', state.outcome);
    const then = asItWas(state, occurredAt);
    if (command.type === 'MoveDealStage') return moveDealStage(then, command, occurredAt, facts.stages);
    if (command.type === 'CloseDeal') return closeDeal(then, command, occurredAt);
    if (occurredAt < state.openedAt) return refuse('deal_not_yet_opened', `opened ${state.openedAt}, said to happen ${occurredAt}`);
    switch (command.type) {
      case 'ReviseDealValue': return reviseDealValue(then, command);
      case 'ReassignDeal': return reassignDeal(then, command, occurredAt, facts.owner);
      case 'SplitDealCredit': return splitDealCredit(then, command, occurredAt, facts.shareMembers);
      case 'RaiseRoadblock': return raiseRoadblock(then, command);
      case 'ClearRoadblock': return clearRoadblock(then, command);
    }
  },
};

function openDeal(command: OpenDeal, occurredAt: Instant, { stages, owner, leadExists }: DealFacts): Decision<DealEvent, DealRefusal> {
  const { dealId, name, ownerId, value, rate, pipelineId = DEFAULT_PIPELINE_ID, leadId, clientId, company, segment, region, product, source, campaignId, expectedCloseOn } = command;
  const stage = command.stage ?? stages?.[0]?.stage;
  if (!stages || stage === undefined) return refuse('pipeline_unknown', pipelineId);
  if (!stages.some((known) => known.stage === stage)) return refuse('stage_unknown', stage);
  const problem = ownerProblem(owner, occurredAt);
  if (problem) return refuse(problem, ownerId);
  if (leadId !== undefined && !leadExists) return refuse('lead_unknown', leadId);
  const wrongMoney = moneyProblem({ value }, command);
  if (wrongMoney) return refuse(wrongMoney, value.currency);
  return accept({
    type: 'DealOpened',
    data: {
      dealId, name, ownerId, pipelineId, stage, value, ...(rate && { rate }), ...(leadId && { leadId }), ...(clientId && { clientId }), ...(company && { company }), ...(segment && { segment }),
      ...(region && { region }), ...(product && { product }), ...(source && { source }), ...(campaignId && { campaignId }), ...(expectedCloseOn && { expectedCloseOn }),
    },
  });
}

function moveDealStage(deal: OpenedDeal, { dealId, stage }: MoveDealStage, occurredAt: Instant, stages: readonly PipelineStage[] | undefined): Decision<DealEvent, DealRefusal> {
  if (stage === deal.stage) return accept();
  if (!stages?.some((known) => known.stage === stage)) return refuse('stage_unknown', stage);
  if (occurredAt < deal.since) return refuse('stage_left_before_entered', `entered ${deal.since}, left ${occurredAt}`);
  return accept({ type: 'DealStageChanged', data: { dealId, from: deal.stage, to: stage } });
}
