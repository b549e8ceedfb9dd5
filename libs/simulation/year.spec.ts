import { beforeAll, describe, expect, it } from '@jest/globals';
import { contexts } from '../domain/contexts.js';
import type { CommandClass } from '../kernel/command.js';
import { commandSpec } from '../kernel/command.js';
import type { DomainEvent } from '../kernel/event.js';
import { parseCommand } from '../kernel/parse-command.js';
import type { SimulationChunk } from './chunk.js';
import { planOf, type SimulationOptions } from './options.js';
import { simulate } from './simulate.js';

const YEAR: SimulationOptions = { seed: 3, months: 12, team: 20, end: '2026-11-01', events: 40_000 };
const TIMEOUT_MS = 900_000;
/** No part of a made-up life: a figure that a manager published would have to be worked out, and the secret of a calendar link would have to be told to somebody. */
const LEFT_OUT = new Set(['ReportDefined', 'ReportPublished', 'CalendarFeedOpened', 'CalendarFeedRevoked']);

type Told = DomainEvent & { readonly occurredAt: string };
const field = (event: DomainEvent, name: string): unknown => Reflect.get(event.data, name);

/** Σ(2i−n−1)xᵢ ÷ (n Σx) over the values in rising order. */
function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  return sorted.reduce((total, value, index) => total + (2 * (index + 1) - sorted.length - 1) * value, 0) / (sorted.length * sum);
}

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
};

describe('a year of a made-up company', () => {
  const chunks: SimulationChunk[] = [];
  const byType = new Map<string, Told[]>();
  const of = (type: string): readonly Told[] => byType.get(type) ?? [];

  beforeAll(async () => {
    for await (const chunk of simulate(YEAR)) {
      chunks.push(chunk);
      for (const { intents, events } of chunk.groups) {
        // All events of a group are of one virtual day: its first command's time is near enough for months.
        for (const event of events) byType.set(event.type, [...of(event.type), { ...event, occurredAt: intents[0]!.occurredAt }]);
      }
    }
  }, TIMEOUT_MS);

  it('has nothing refused', () => expect(chunks.flatMap(({ refused }) => refused).slice(0, 5)).toEqual([]));

  it('has every event that the engine knows', () => {
    const known = contexts.flatMap(({ events }) => Object.keys(events)).filter((type) => !LEFT_OUT.has(type));
    expect(known.filter((type) => of(type).length === 0)).toEqual([]);
  });

  it('goes forward in time: no chunk begins before the one before it ended', () => {
    const { startMs, endMs } = planOf(YEAR);
    const spans = chunks.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]);
    expect(spans).toEqual([...spans].sort((a, b) => a - b));
    expect(spans[0]).toBeGreaterThanOrEqual(startMs);
    expect(spans.at(-1)).toBeLessThan(endMs);
    expect(spans.at(-1)).toBeGreaterThan(endMs - 4 * 86_400_000);
  });

  it('sends only commands that the engine would take from outside, by roles that may send them', () => {
    const classes = new Map(contexts.flatMap(({ commands }) => (commands as readonly CommandClass[]).map((command) => [commandSpec(command).name, command] as const)));
    const wrong = chunks.flatMap(({ groups }) => groups.flatMap(({ intents }) => intents)).flatMap(({ command, actor }): readonly unknown[] => {
      const known = classes.get(command.type)!; // the shadow log knew it
      const parsed = parseCommand(known, { ...command });
      if (!parsed.ok) return [{ type: command.type, errors: parsed.errors }];
      if (JSON.stringify(parsed.command) !== JSON.stringify(command)) return [{ type: command.type, spelt: 'otherwise' }];
      return commandSpec(known).roles.includes(actor.role) ? [] : [{ type: command.type, actor }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it('is marked as made up in all it does', () => {
    const intents = chunks.flatMap(({ groups }) => groups.flatMap((group) => group.intents));
    expect(intents.filter(({ actor, correlationId }) => !actor.id.startsWith('sim-') || correlationId !== 'simulation-3-12m-20p-2026-11-01-40000e').slice(0, 5)).toEqual([]);
  });

  it('has seasons: more leads in an autumn month than in a summer one', () => {
    const leads = countBy(of('LeadCaptured'), ({ occurredAt }) => occurredAt.slice(5, 7));
    expect(leads.get('10')!).toBeGreaterThan(1.4 * leads.get('07')!);
  });

  it('has people who differ', () => {
    const wins = countBy(of('DealClosed').filter((event) => field(event, 'outcome') === 'won'), (event) => String(field(event, 'ownerId')));
    const qualified = countBy(of('LeadQualified'), (event) => String(field(event, 'ownerId')));
    for (const counts of [wins, qualified]) {
      expect(counts.size).toBeGreaterThan(5);
      expect(gini([...counts.values()])).toBeGreaterThan(0.1);
      expect(gini([...counts.values()])).toBeLessThan(0.7);
    }
  });

  it.each<[string, () => number, number, number]>([
    ['no-shows among held and missed meetings', () => ratio('MeetingMissed', 'MeetingHeld'), 0.05, 0.2],
    ['missed follow-ups among planned ones', () => of('FollowUpMissed').length / of('FollowUpScheduled').length, 0.08, 0.4],
    ['qualified among captured leads', () => of('LeadQualified').length / of('LeadCaptured').length, 0.25, 0.7],
    ['won among closed deals', () => of('DealClosed').filter((event) => field(event, 'outcome') === 'won').length / of('DealClosed').length, 0.2, 0.55],
    ['contracts that miss their day', () => of('ContractDeadlineMissed').length / of('ContractDrafted').length, 0.05, 0.5],
    ['clients that leave', () => of('ClientChurned').length / of('ClientOnboarded').length, 0.03, 0.3],
    ['answered surveys', () => of('SurveyAnswered').length / of('SurveySent').length, 0.25, 0.6],
    ['overdue tasks', () => of('TaskOverdue').length / of('TaskAllocated').length, 0.08, 0.5],
    ['broken promises', () => of('PromiseBroken').length / of('PromiseMade').length, 0.08, 0.5],
  ])('has a believable share of %s', (_, share, low, high) => {
    expect(share()).toBeGreaterThan(low);
    expect(share()).toBeLessThan(high);
  });

  const ratio = (part: string, rest: string): number => of(part).length / (of(part).length + of(rest).length);
});
