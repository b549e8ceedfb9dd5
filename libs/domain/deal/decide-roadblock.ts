import { accept, refuse, type Decision } from '../../kernel/decider.js';
import type { ClearRoadblock, RaiseRoadblock } from './commands.js';
import type { DealEvent } from './events.js';
import type { DealRefusal } from './refusals.js';
import type { OpenedDeal } from './state.js';

export function raiseRoadblock(deal: OpenedDeal, { dealId, roadblockId, cause, note }: RaiseRoadblock): Decision<DealEvent, DealRefusal> {
  if (deal.roadblocks.has(roadblockId)) return refuse('roadblock_already_raised', roadblockId);
  return accept({ type: 'RoadblockRaised', data: { dealId, roadblockId, cause, ...(note && { note }) } });
}

export function clearRoadblock(deal: OpenedDeal, { dealId, roadblockId, note }: ClearRoadblock): Decision<DealEvent, DealRefusal> {
  const stands = deal.roadblocks.get(roadblockId);
  if (stands === undefined) return refuse('roadblock_unknown', roadblockId);
  if (!stands) return refuse('roadblock_already_cleared', roadblockId);
  return accept({ type: 'RoadblockCleared', data: { dealId, roadblockId, ...(note && { note }) } });
}
