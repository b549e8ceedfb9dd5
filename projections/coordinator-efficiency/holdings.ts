import type { Instant } from '../../libs/kernel/event.js';
import type { Row } from '../../libs/kernel/projection.js';
import { fileOf } from './spans.js';

/** A stretch of time in which a member had an item. */
export interface Holding {
  readonly memberId: string;
  readonly from: Instant;
  readonly until?: Instant;
  /** Who passed it on. */
  readonly fromMemberId?: string;
}

/** Events told late may carry an earlier moment than the one before them: nothing ends before it begins. */
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** The item is open no more. */
export const ended = (holdings: readonly Holding[], at: Instant): readonly Holding[] =>
  holdings.map((holding) => (holding.until === undefined ? { ...holding, until: later(holding.from, at) } : holding));

/** The item goes to a member: its first, one after another, or again after it was closed. */
export function heldBy(holdings: readonly Holding[], memberId: string, at: Instant): readonly Holding[] {
  const last = holdings.at(-1);
  const from = last ? later(last.until ?? last.from, at) : at;
  return [...ended(holdings, from), { memberId, from, ...(last?.until === undefined && last !== undefined && { fromMemberId: last.memberId }) }];
}

/** Who had the item at a moment; before its first stretch, whoever had it first; after its last, whoever had it last. */
export const holderAt = (holdings: readonly Holding[], at: Instant): string | undefined => (holdings.findLast((holding) => holding.from <= at) ?? holdings[0])?.memberId;

export const holdingRows = (kind: string, id: string, holdings: readonly Holding[], more: { readonly weight?: number; readonly leadId?: string | undefined } = {}): Row[] =>
  holdings.map(({ memberId, from, until, fromMemberId }, index) => ({
    item_kind: kind, item_id: id, stretch: index + 1, member_id: memberId, from_member_id: fromMemberId ?? null, lead_id: more.leadId ?? null, weight: more.weight ?? 1, held_from: from, held_until: until ?? null, file: until === undefined ? null : fileOf(from, until),
  }));
