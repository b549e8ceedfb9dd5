import type { Instant } from '../kernel/event.js';
import { unheeded, type AnyRule, type RuleSettings } from '../kernel/rule.js';
import { isUndecodable, type LogSource } from '../projector/log-source.js';
import { DRY_RUN_ACTIONS_MAX, DRY_RUN_MS_MAX } from './limits.js';
import { effectiveSettings, fullName, RuleMinds, type Intended } from './rule-minds.js';

export interface WouldDo {
  readonly rule: string;
  readonly at: Instant;
  readonly cause: { readonly id: string; readonly type: string; readonly stream: string; readonly position: number | null };
  readonly command: { readonly type: string; readonly fields: object } | null;
  readonly because: string;
}

export interface DryRun {
  readonly rule: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly settings: RuleSettings;
  /** Given settings that the rule has no use for. */
  readonly unheeded: readonly string[];
  /** Events of the log it was replayed over. */
  readonly eventsRead: number;
  /** Whether the log was read to its end in the time allowed. */
  readonly complete: boolean;
  readonly commands: number;
  readonly nothingPossible: number;
  readonly minutesSaved: number;
  /** The first of them. */
  readonly wouldDo: readonly WouldDo[];
}

interface Tally {
  commands: number;
  nothingPossible: number;
  minutesSaved: number;
  readonly wouldDo: WouldDo[];
}

function count(tally: Tally, at: Instant, { rule, cause, command, because, minutesSaved }: Intended): void {
  if (command) {
    tally.commands += 1;
    tally.minutesSaved += minutesSaved;
  } else tally.nothingPossible += 1;
  if (tally.wouldDo.length >= DRY_RUN_ACTIONS_MAX) return;
  const { id, type, stream, position } = cause;
  tally.wouldDo.push({ rule: fullName(rule), at, cause: { id, type, stream, position }, command: command ? { type: command.type, fields: { ...command } } : null, because });
}

/**
 * What a rule would have wanted from `from` until before `to`, by when things happened, had it been on with these settings:
 * the whole log is replayed through it, and nothing is sent. It says what would have been asked for; whether that would have
 * been refused it does not.
 */
export async function dryRun(source: LogSource, parts: readonly AnyRule[], from: Instant, to: Instant, given: RuleSettings, nowMs: () => number = () => performance.now()): Promise<DryRun> {
  const [first] = parts;
  if (!first) throw new TypeError('a dry run needs a rule');
  const minds = new RuleMinds(parts);
  minds.switchOn(first.name, given);
  const tally: Tally = { commands: 0, nothingPossible: 0, minutesSaved: 0, wouldDo: [] };
  const until = nowMs() + DRY_RUN_MS_MAX;
  const head = await source.head();
  const reading = new AbortController();
  let eventsRead = 0;
  let complete = head < 0;
  let dueDay = '';
  const dueBy = (at: Instant): void => {
    for (const intended of minds.due(at)) if (at >= from && at < to) count(tally, at, intended);
  };
  if (complete) reading.abort();
  for await (const page of source.subscribe({ afterPosition: null, eventTypes: minds.eventTypes, signal: reading.signal })) {
    for (const entry of page.events) {
      if (isUndecodable(entry) || entry.position > head) continue;
      eventsRead += 1;
      // Time-based rules look at the first event of each day: a day is the grain at which they remind.
      if (entry.occurredAt.slice(0, 10) > dueDay && entry.occurredAt < to) dueBy(entry.occurredAt);
      if (entry.occurredAt.slice(0, 10) > dueDay) dueDay = entry.occurredAt.slice(0, 10);
      for (const intended of minds.take(entry, false)) if (entry.occurredAt >= from && entry.occurredAt < to) count(tally, entry.occurredAt, intended);
    }
    complete = page.caughtUp || page.lastPosition >= head;
    if (complete || nowMs() > until) reading.abort();
  }
  dueBy(new Date(Date.parse(to) - 1).toISOString());
  return { rule: first.name, from, to, settings: effectiveSettings(first, given), unheeded: unheeded(effectiveSettings(first, {}), given), eventsRead, complete, ...tally };
}
