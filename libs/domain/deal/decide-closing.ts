import { accept, refuse, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { asItWas } from '../in-force.js';
import type { PipelineStage } from '../policy/events.js';
import type { CloseDeal, ReopenDeal } from './commands.js';
import { moneyProblem } from './decide-value.js';
import type { DealEvent } from './events.js';
import type { DealRefusal } from './refusals.js';
import type { ClosedDeal, OpenedDeal } from './state.js';

/** The closing carries owner, stage, shares and rate as they stood when it happened, so that its credit needs no look back. */
export function closeDeal(deal: OpenedDeal, command: CloseDeal, occurredAt: Instant): Decision<DealEvent, DealRefusal> {
  const { dealId, outcome, value = deal.value, rate = deal.rate, reason, note } = command;
  if (outcome === 'lost' && reason === undefined) return refuse('lost_without_reason');
  if (outcome === 'won' && reason !== undefined) return refuse('won_with_lost_reason', reason);
  const problem = moneyProblem(deal, command);
  if (problem) return refuse(problem, deal.value.currency);
  if (occurredAt < deal.openedAt) return refuse('closed_before_opened', `opened ${deal.openedAt}, closed ${occurredAt}`);
  if (occurredAt < deal.since) return refuse('stage_left_before_entered', `entered ${deal.since}, closed ${occurredAt}`);
  const { ownerId, stage, shares } = deal;
  return accept({ type: 'DealClosed', data: { dealId, outcome, value, ownerId, stage, ...(shares && { shares }), ...(rate && { rate }), ...(reason && { reason }), ...(note && { note }) } });
}

/** The reversal repeats what the closing said: it books against the same owner, value and shares. */
export function reopenDeal(deal: ClosedDeal, { dealId, reason, stage = deal.stage }: ReopenDeal, occurredAt: Instant, stages: readonly PipelineStage[] | undefined): Decision<DealEvent, DealRefusal> {
  if (occurredAt < deal.since) return refuse('reopened_before_closed', `closed ${deal.since}, reopened ${occurredAt}`);
  // A stage that has since been taken out of the pipeline is still the stage it was closed in.
  if (stage !== deal.stage && !stages?.some((known) => known.stage === stage)) return refuse('stage_unknown', stage);
  const { outcome, value, ownerId, shares } = asItWas(deal, deal.since);
  return accept({ type: 'DealReopened', data: { dealId, outcome, value, ownerId, stage, ...(shares && { shares }), reason } });
}
