import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deadlineSources } from '../../libs/domain/deadlines.js';
import { aggregateIdOf } from '../../libs/eventstore/transact.js';
import { build } from '../../libs/kernel/command.js';
import { streamOf } from '../../libs/kernel/context.js';
import type { Recorded } from '../../libs/kernel/event.js';
import { runningEngine, type RunningEngine } from '../support/running-engine.js';
import { until } from '../integration/timers/until.js';
import { commands, sampleOf } from './samples.js';

const MARKED_MS_MAX = 900_000;
const ANY_MOMENT = '2026-01-01T00:00:00.000Z';

let engine: RunningEngine;

beforeAll(async () => {
  engine = await runningEngine();
});
afterAll(() => engine.stop());

/** What a kind of deadline sends; some say which of an aggregate's deadlines it is. */
const commandOf = (kind: string): { readonly type: string; readonly kind?: string } => deadlineSources.find((source) => source.kind === kind)!.command('any.any', { dueAt: ANY_MOMENT, ringAt: ANY_MOMENT }, 'any');
const byTheClock = async (stream: string): Promise<readonly Recorded[]> => (await engine.log.read(stream)).filter(({ actor }) => actor.id === 'clock');
const marked: string[] = [];

describe('a deadline that has passed', () => {
  it.each(deadlineSources.map(({ kind }) => [kind]))('of the kind %s is marked by the clock, as of when it was due', async (kind) => {
    const command = commandOf(kind);
    const registered = commands.find(({ spec }) => spec.name === command.type)!; // every command has a name and a sample
    const { before, step } = sampleOf(registered);
    await engine.carryOut(...before);
    const stream = streamOf(registered.context.category, aggregateIdOf(registered.context, build(registered.command, step.fields)));
    await until(async () => (await byTheClock(stream)).some(({ data }) => command.kind === undefined || ('kind' in data && data.kind === command.kind)), MARKED_MS_MAX);
    marked.push(stream);
    for (const { recordedAt, occurredAt, causationId } of await byTheClock(stream)) expect({ early: recordedAt < occurredAt, of: deadlineSources.some((source) => causationId.startsWith(`${source.kind}|${stream.replaceAll(':', '!')}|`)) }).toEqual({ early: false, of: true });
  });

  it('is marked once', async () => {
    expect(marked).toHaveLength(deadlineSources.length);
    for (const stream of marked) {
      const said = (await byTheClock(stream)).map(({ type, data }) => `${type} ${JSON.stringify(data)}`);
      expect(said).toEqual([...new Set(said)]);
    }
  });
});
