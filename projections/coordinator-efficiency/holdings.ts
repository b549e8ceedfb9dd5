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
  /** It began because the item was opened again, for whoever had it last. */
  readonly again?: true;
}

/** Events told late may carry an earlier moment than the one before them: nothing ends before it begins. */
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** The item is open no more. */
export const ended = (holdings: readonly Holding[], at: Instant): readonly Holding[] =>
  holdings.map((holding) => (holding.until === undefined ? { ...holding, until: later(holding.from, at) } : holding));

/** The item goes to a member: its first, one after another, or once it was closed. What is told late takes its place in time. */
export function heldBy(holdings: readonly Holding[], memberId: string, at: Instant): readonly Holding[] {
  const last = holdings.at(-1);
  if (!last) return [{ memberId, from: at }];
  if (at < (last.until ?? last.from)) return heldSince(holdings, memberId, later(holdings[0]!.from, at)); // there is a last
  return [...ended(holdings, at), { memberId, from: at, ...(last.until === undefined && { fromMemberId: last.memberId }) }];
}

/** A stretch in between: the one that it falls into is cut, and what comes after it is passed on by the new member, or opened again for them. */
function heldSince(holdings: readonly Holding[], memberId: string, at: Instant): readonly Holding[] {
  const index = holdings.findLastIndex(({ from }) => from <= at);
  const cut = holdings[index]!; // nothing is cut before the first begins
  const isOpen = cut.until === undefined || at < cut.until;
  const before = [...holdings.slice(0, index), ...(isOpen ? [{ ...cut, until: at }] : [cut])];
  const between: readonly Holding[] = isOpen ? [{ memberId, from: at, ...(cut.until !== undefined && { until: cut.until }), fromMemberId: cut.memberId }] : [];
  const after = holdings.slice(index + 1);
  const others = after.findIndex(({ again }) => !again);
  const reopened = others < 0 ? after.length : others;
  return [
    ...before, ...between,
    ...after.map((holding, place) => (place < reopened ? { ...holding, memberId } : place === reopened && holding.fromMemberId !== undefined ? { ...holding, fromMemberId: memberId } : holding)),
  ];
}

/** The item is opened again, for whoever had it last. Nothing happens to one that is open, or that nobody had. */
export function heldAgain(holdings: readonly Holding[], at: Instant): readonly Holding[] {
  const last = holdings.at(-1);
  return last?.until === undefined ? holdings : [...holdings, { memberId: last.memberId, from: later(last.until, at), again: true }];
}

/** Who had the item at a moment; before its first stretch, whoever had it first; after its last, whoever had it last. */
export const holderAt = (holdings: readonly Holding[], at: Instant): string | undefined => (holdings.findLast((holding) => holding.from <= at) ?? holdings[0])?.memberId;

export const holdingRows = (kind: string, id: string, holdings: readonly Holding[], more: { readonly weight?: number; readonly leadId?: string | undefined } = {}): Row[] =>
  holdings.map(({ memberId, from, until, fromMemberId }, index) => ({
    item_kind: kind, item_id: id, stretch: index + 1, member_id: memberId, from_member_id: fromMemberId ?? null, lead_id: more.leadId ?? null, weight: more.weight ?? 1, held_from: from, held_until: until ?? null, file: until === undefined ? null : fileOf(from, until),
  }));
