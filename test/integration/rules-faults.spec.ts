import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EnableRule } from '../../libs/domain/automation/commands.js';
import type { FollowUpEvent } from '../../libs/domain/follow-up/events.js';
import { CancelFollowUp, ScheduleFollowUp } from '../../libs/domain/follow-up/commands.js';
import { CaptureLead, QualifyLead } from '../../libs/domain/lead/commands.js';
import { AddMember } from '../../libs/domain/member/commands.js';
import { rules } from '../../libs/domain/rules.js';
import { teamOnly, type Team } from '../../libs/domain/team-work.js';
import { EventStoreLogSource } from '../../libs/eventstore/subscription.js';
import { build } from '../../libs/kernel/command.js';
import { NEW_ID, rule, type AnyRule } from '../../libs/kernel/rule.js';
import { plusMinutes } from '../../libs/kernel/time.js';
import { isUndecodable } from '../../libs/projector/log-source.js';
import { NEWS_DAYS_MAX, RULE_DEPTH_MAX } from '../../libs/rules/limits.js';
import type { RuleAction } from '../../libs/rules/rule-actions.js';
import { RuleMinds } from '../../libs/rules/rule-minds.js';
import { claimRules, commitRules, readSnapshot } from '../../libs/rules/rule-store.js';
import type { RuleWorker } from '../../libs/rules/rule-worker.js';
import { systemTime, type Time } from '../../libs/timers/time.js';
import { rulesOnRealParts, type RulesOnRealParts } from './rules-support.js';

const DAY_MS = 86_400_000;

let parts: RulesOnRealParts;
let running: RuleWorker[] = [];

beforeAll(async () => {
  parts = await rulesOnRealParts();
  await parts.send(build(AddMember, { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'UTC' }), { occurredAt: new Date(Date.now() - 120 * DAY_MS).toISOString() });
  await parts.send(build(EnableRule, { ruleId: 'first_follow_up' }));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(running.map((worker) => worker.stop()));
  running = [];
  parts.reports.length = 0;
});
afterAll(() => parts.stop());

async function started(own: readonly AnyRule[] = rules, time?: Time): Promise<RuleWorker> {
  const worker = await parts.startWorker(own, time);
  running.push(worker);
  return worker;
}

/** A lead is qualified: the rule first_follow_up has something to do. The position it has to reach. */
async function qualified(occurredAt?: string): Promise<{ readonly position: number; readonly cause: string }> {
  const leadId = randomUUID();
  const at = occurredAt === undefined ? {} : { occurredAt };
  await parts.send(build(CaptureLead, { leadId, source: 'web', company: 'Vela Marine', ownerId: 'ada' }), { occurredAt: new Date(Date.now() - 90 * DAY_MS).toISOString() });
  const { position, events } = await parts.send(build(QualifyLead, { leadId }), at);
  return { position, cause: events[0]!.id };
}

const actionsFor = async (cause: string, name = 'first_follow_up'): Promise<RuleAction[]> => (await parts.get<{ actions: RuleAction[] }>(`/v1/rules/${name}/actions?limit=500`)).actions.filter((action) => action.cause.id === cause);
const rewind = (): Promise<unknown> => parts.store.query(`UPDATE rule_checkpoint SET position = -1`);

describe('the rules, when something goes wrong', () => {
  it('do nothing twice when the whole log is delivered again', async () => {
    const { position, cause } = await qualified();
    await (await started()).reached(position);
    const before = await actionsFor(cause);
    // The id by which the log knows a command again is the one the cause gives.
    expect(await parts.log.read(`followUp-${before[0]!.aggregateId}`)).toMatchObject([{ commandId: before[0]!.commandId, causationId: cause }]);
    const head = await parts.log.head();
    await Promise.all(running.map((worker) => worker.stop()));
    await rewind();
    await (await started()).reached(head);
    expect(before).toMatchObject([{ outcome: 'carried_out' }]);
    expect(await actionsFor(cause)).toEqual(before);
    expect(await parts.log.head()).toBe(head);
  });

  it('send again, and write nothing twice, when they stopped between sending and recording', async () => {
    const { position, cause } = await qualified();
    const transaction = parts.store.transaction.bind(parts.store);
    let failures = 0;
    const before = await parts.log.head();
    jest.spyOn(parts.store, 'transaction').mockImplementation((work, options) => {
      failures += 1;
      // The first transaction makes the tables; the next ones record what was sent.
      return failures === 2 || failures === 3 ? Promise.reject(new Error('the power went out')) : transaction(work, options);
    });
    await (await started()).reached(position);
    expect(await actionsFor(cause)).toMatchObject([{ outcome: 'carried_out', commandType: 'ScheduleFollowUp' }]);
    const [action] = await actionsFor(cause);
    expect(await parts.log.read(`followUp-${action!.aggregateId}`)).toHaveLength(1);
    expect(failures).toBeGreaterThan(3);
    expect(parts.reports.filter((report) => report.includes('the power went out'))).toHaveLength(2);
    // One event was written by the rule: the follow-up.
    expect((await parts.log.eventAt(await parts.log.head()))?.type).toBe('FollowUpScheduled');
    expect(await parts.log.head()).toBeGreaterThan(before);
  });

  it('are run by one process at a time, and by the next when that one ends', async () => {
    const first = await started();
    const one = await qualified();
    await first.reached(one.position);
    const second = await started();
    const two = await qualified();
    await first.reached(two.position);
    await first.stop();
    const three = await qualified();
    await second.reached(three.position);
    for (const { cause } of [one, two, three]) expect(await actionsFor(cause)).toMatchObject([{ outcome: 'carried_out' }]);
  });

  it('write nothing once another process has claimed them', async () => {
    const mine = await claimRules(parts.store, 'here');
    await claimRules(parts.store, 'there');
    await expect(commitRules(parts.store, mine.epoch, mine.position, mine.position + 1, [])).rejects.toThrow('another process');
  });

  it('do not act upon what happened long before it was recorded, and say so', async () => {
    const { position, cause } = await qualified(new Date(Date.now() - 30 * DAY_MS).toISOString());
    await (await started()).reached(position);
    expect(await actionsFor(cause)).toMatchObject([{ outcome: 'too_old', events: [], minutesSaved: 0 }]);
  });

  it('do not act upon what was recorded long ago: when their notes are lost, the whole log comes again', async () => {
    await (await started()).stop();
    const { cause } = await qualified();
    const head = await parts.log.head();
    await parts.store.query('DELETE FROM rule_action');
    await rewind();
    const laterMs = (NEWS_DAYS_MAX + 1) * DAY_MS;
    await (await started(rules, { ...systemTime, nowMs: () => Date.now() + laterMs })).reached(head);
    expect(await actionsFor(cause)).toMatchObject([{ outcome: 'too_old', events: [], minutesSaved: 0 }]);
    expect(await parts.log.head()).toBe(head);
  });

  it('break a loop after so many steps, and say so', async () => {
    const scheduling = rule<Team, FollowUpEvent>({
      name: 'meeting_follow_up', summary: 'plans anew what was cancelled', memory: teamOnly, defaults: {}, on: ['FollowUpCancelled'],
      react: (_, { occurredAt }) => [{ command: build(ScheduleFollowUp, { followUpId: NEW_ID, subject: { kind: 'lead', id: 'loop' }, ownerId: 'ada', dueAt: plusMinutes(occurredAt, 60) }), because: 'it was cancelled' }],
    });
    const cancelling = rule<Team, FollowUpEvent>({
      name: 'follow_up_cadence', summary: 'cancels what is planned', memory: teamOnly, defaults: {}, on: ['FollowUpScheduled'],
      react: (_, event) => (event.type === 'FollowUpScheduled' && event.data.subject.id === 'loop' ? [{ command: build(CancelFollowUp, { followUpId: event.data.followUpId, reason: 'no' }), because: 'it was planned' }] : []),
    });
    await parts.send(build(CaptureLead, { leadId: 'loop', source: 'web', company: 'Vela Marine' }));
    for (const ruleId of ['meeting_follow_up', 'follow_up_cadence'] as const) await parts.send(build(EnableRule, { ruleId }));
    const { position } = await parts.send(build(ScheduleFollowUp, { followUpId: randomUUID(), subject: { kind: 'lead', id: 'loop' }, ownerId: 'ada', dueAt: new Date(Date.now() + DAY_MS).toISOString() }));
    const worker = await started([scheduling, cancelling]);
    for (let reached = position; ; reached = await parts.log.head()) {
      await worker.reached(reached);
      if (reached === await parts.log.head()) break;
    }
    const outcomes = await parts.store.query<{ outcome: string; count: number }>(`SELECT outcome, count(*)::integer AS count FROM rule_action WHERE because IN ('it was cancelled', 'it was planned') GROUP BY outcome ORDER BY outcome`);
    expect(outcomes).toEqual([{ outcome: 'carried_out', count: RULE_DEPTH_MAX }, { outcome: 'depth_limit', count: 1 }]);
    const { rules: listed } = await parts.get<{ rules: { counts: Record<string, number>; lastActions: RuleAction[] }[] }>('/v1/rules');
    expect(listed.filter(({ counts }) => counts['depth_limit'] === 1).map(({ lastActions }) => lastActions[0])).toMatchObject([{ outcome: 'depth_limit', events: [], minutesSaved: 0 }]);
  });

  it('go on past a rule that fails, and say so', async () => {
    const failing = rule<Team, FollowUpEvent>({ name: 'first_follow_up', part: 'broken', summary: 'fails', memory: teamOnly, defaults: {}, on: ['LeadQualified' as never], react: () => { throw new Error('a mistake in the rule'); } });
    const { position, cause } = await qualified();
    await (await started([failing, ...rules])).reached(position);
    expect((await actionsFor(cause)).map(({ outcome, part }) => ({ outcome, part })).sort((a, b) => (a.outcome < b.outcome ? -1 : 1))).toEqual([{ outcome: 'carried_out', part: null }, { outcome: 'failed', part: 'broken' }]);
  });

  it('remember across a start as if they had read the whole log', async () => {
    const worker = await started();
    const { position } = await qualified();
    await worker.reached(position);
    await worker.stop();
    const head = await parts.log.head();
    const minds = new RuleMinds(rules);
    const reading = new AbortController();
    for await (const page of new EventStoreLogSource(parts.log).subscribe({ afterPosition: null, eventTypes: minds.eventTypes, signal: reading.signal })) {
      for (const entry of page.events) if (!isUndecodable(entry)) minds.take(entry);
      if (page.lastPosition >= head) reading.abort();
    }
    const claim = await claimRules(parts.store, 'here');
    await commitRules(parts.store, claim.epoch, claim.position, head, [], { remembered: minds.remembered() });
    const snapshot = await readSnapshot(parts.store);
    expect(snapshot).toEqual({ position: head, remembered: minds.remembered() });
    const recalled = new RuleMinds(rules);
    expect(recalled.recall(snapshot!.remembered)).toBe(true);
    expect(new RuleMinds(rules.map((each) => ({ ...each, memory: { ...each.memory, version: 99 } }))).recall(snapshot!.remembered)).toBe(false);
    const next = await qualified();
    await (await started()).reached(next.position);
    expect(await actionsFor(next.cause)).toMatchObject([{ outcome: 'carried_out' }]);
  });
});
