import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { HANDED_OVER } from './mentions.js';

/** Events by which something begins that belongs to what they name: a follow-up to its lead, a contract to its deal. A client belongs to nothing. */
export const BEGUN: readonly DomainEvent['type'][] = ['LeadCaptured', 'DealOpened', 'MeetingScheduled', 'FollowUpScheduled', 'TaskAllocated', 'ContractDrafted', 'CaseOpened', 'SurveySent'];
/** What things can belong to. */
export const SUBJECT_KINDS = ['lead', 'deal', 'client', 'case', 'contract'] as const;

const NAMES_OWNER: ReadonlySet<string> = new Set([...BEGUN, 'ClientOnboarded', ...HANDED_OVER]);

/** Who owns an event's entity from when it happened, where it says so. */
export function ownerNamedBy({ type, data }: Recorded<DomainEvent>): string | null {
  return NAMES_OWNER.has(type) && 'ownerId' in data && typeof data.ownerId === 'string' ? data.ownerId : null;
}
