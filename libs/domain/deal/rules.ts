import { build } from '../../kernel/command.js';
import { rule } from '../../kernel/rule.js';
import { HAND_OVER, handOver } from '../hand-over.js';
import { teamWork, type TeamWork } from '../team-work.js';
import { ReassignDeal } from './commands.js';
import type { DealEvent } from './events.js';

export const handOverDeals = rule<TeamWork, DealEvent>({
  ...HAND_OVER, part: 'deals', memory: teamWork, on: [],
  due: (team, now, settings) => handOver(team, now, settings, 'deal', ({ id }, ownerId, reason) => [build(ReassignDeal, { dealId: id, ownerId, reason })]),
});
