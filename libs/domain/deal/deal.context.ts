import { context, streamOf, type Facts } from '../../kernel/context.js';
import { memberAt, type MemberStanding } from '../member/facts.js';
import { stagesAt } from '../policy/facts.js';
import { ClearRoadblock, CloseDeal, MoveDealStage, OpenDeal, RaiseRoadblock, ReassignDeal, ReopenDeal, ReviseDealValue, SplitDealCredit, type DealCommand } from './commands.js';
import { deal, DEFAULT_PIPELINE_ID, type DealFacts } from './decider.js';
import { dealEvents } from './events.js';
import { dealRefusals } from './refusals.js';
import type { Deal } from './state.js';

const NOT_ASKED: DealFacts = { stages: undefined, owner: { status: 'unknown' }, shareMembers: new Map<string, MemberStanding>(), leadExists: false };

const facts: Facts<DealCommand, Deal, DealFacts> = async (read, command, state, occurredAt) => {
  switch (command.type) {
    case 'OpenDeal': {
      const [stages, owner, leadExists] = await Promise.all([
        stagesAt(read, command.pipelineId ?? DEFAULT_PIPELINE_ID, occurredAt),
        memberAt(read, command.ownerId, occurredAt),
        command.leadId === undefined ? false : read.exists(streamOf('lead', command.leadId)),
      ]);
      return { ...NOT_ASKED, stages, owner, leadExists };
    }
    case 'MoveDealStage':
    case 'ReopenDeal': return state.status === 'absent' ? NOT_ASKED : { ...NOT_ASKED, stages: await stagesAt(read, state.pipelineId, occurredAt) };
    case 'ReassignDeal': return { ...NOT_ASKED, owner: await memberAt(read, command.ownerId, occurredAt) };
    case 'SplitDealCredit': {
      const standings = command.shares.map(async ({ memberId }) => [memberId, await memberAt(read, memberId, occurredAt)] as const);
      return { ...NOT_ASKED, shareMembers: new Map(await Promise.all(standings)) };
    }
    case 'ReviseDealValue':
    case 'RaiseRoadblock':
    case 'ClearRoadblock':
    case 'CloseDeal': return NOT_ASKED;
  }
};

export const dealContext = context({
  name: 'deal',
  category: 'deal',
  idField: 'dealId',
  commands: [OpenDeal, MoveDealStage, ReviseDealValue, ReassignDeal, SplitDealCredit, RaiseRoadblock, ClearRoadblock, CloseDeal, ReopenDeal],
  events: dealEvents,
  refusals: dealRefusals,
  decider: deal,
  facts,
});
