import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandRegistry } from '../../libs/dispatch/registry.js';
import { contexts } from '../../libs/domain/contexts.js';
import { CaptureLead, MergeLead } from '../../libs/domain/lead/commands.js';
import { leadContext } from '../../libs/domain/lead/lead.context.js';
import { OffboardMember } from '../../libs/domain/member/commands.js';
import { DefinePipeline } from '../../libs/domain/policy/commands.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { domainEventsOf, foldHistory } from '../../libs/eventstore/engine-events.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import type { Outcome } from '../../libs/eventstore/intent.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { aggregateIdOf, transact, type Ledger } from '../../libs/eventstore/transact.js';
import { build, type CommandMessage } from '../../libs/kernel/command.js';
import { streamOf } from '../../libs/kernel/context.js';
import type { DomainEvent } from '../../libs/kernel/event.js';
import { commands, sampleOf } from '../e2e/samples.js';
import { inDays } from '../e2e/samples/scene.js';
import type { Step } from '../support/api.js';
import { testEventStore, type TestEventStore } from '../support/event-store.js';

/**
 * Every command that reads streams of others, what it reads there, and which change of it must not come in between. What is only
 * asked for its existence ("exists") never ceases to exist. What is "copied" into the event holds in either order: the one before
 * the change is right. docs/adr/0018 gives the reasons.
 */
const RESTS_ON: Readonly<
  Record<string, Readonly<Record<string, 'member leaves' | 'pipeline changes' | 'lead merges' | 'copied' | 'exists'>>>
> = {
  AddMember: { member: 'member leaves' },
  AllocateTask: { lead: 'exists', member: 'member leaves' },
  AssignLead: { member: 'member leaves' },
  AssignTraining: { member: 'member leaves' },
  AttributeLead: { campaign: 'exists', lead: 'exists' },
  CaptureLead: { member: 'member leaves' },
  DefineBonusPlan: { member: 'exists', settings: 'copied' },
  DraftContract: { deal: 'exists', member: 'member leaves', settings: 'copied' },
  EscalateCase: { member: 'member leaves' },
  LogWork: { member: 'member leaves' },
  MergeLead: { lead: 'lead merges' },
  MoveDealStage: { pipeline: 'pipeline changes' },
  MoveToTeam: { member: 'member leaves' },
  OnboardClient: { member: 'member leaves', settings: 'copied' },
  OpenCalendarFeed: { member: 'member leaves' },
  OpenCase: { client: 'exists', lead: 'exists', member: 'member leaves', settings: 'copied' },
  OpenDeal: { lead: 'exists', member: 'member leaves', pipeline: 'pipeline changes' },
  PromiseToClient: { member: 'member leaves' },
  ReassignClient: { member: 'member leaves' },
  ReassignDeal: { member: 'member leaves' },
  ReassignTask: { member: 'member leaves' },
  RecordCertification: { member: 'member leaves' },
  RecordContact: { member: 'member leaves' },
  RenewClient: { settings: 'copied' },
  ReopenCase: { member: 'copied', settings: 'copied' },
  ReopenDeal: { pipeline: 'pipeline changes' },
  ResolveCase: { member: 'member leaves', settings: 'copied' },
  RespondToCase: { member: 'member leaves', settings: 'copied' },
  ReviseBonusPlan: { member: 'exists', settings: 'copied' },
  ScheduleFollowUp: { lead: 'exists', member: 'member leaves', settings: 'copied' },
  ScheduleMeeting: { lead: 'exists', member: 'member leaves' },
  SendSurvey: { lead: 'exists', member: 'member leaves' },
  SetTarget: { member: 'member leaves', settings: 'copied' },
  ShareMaterial: { deal: 'exists', enablement: 'copied', member: 'member leaves' },
  SplitDealCredit: { member: 'member leaves' },
  WinBackClient: { settings: 'copied' },
};

const registry = new CommandRegistry(contexts);
let store: TestEventStore;
let log: EventLog;

/** A ledger as a process of its own has it. */
function aProcess(own: EventLog = new EventLog(log.client, log.codec)): Ledger {
  return { log: own, facts: new FactsReader(own), now: () => new Date().toISOString() };
}

beforeAll(async () => {
  store = await testEventStore();
  log = new EventLog(connectEventStore(store.url), new Codec(contexts));
});
afterAll(async () => {
  await disconnectEventStore();
  await store.stop();
});

function send(on: Ledger, command: CommandMessage, occurredAt?: string): Promise<Outcome> {
  const { context } = registry.find(command.type)!;
  return transact(on, context, [
    { command, commandId: randomUUID(), actor: { id: 'ada', role: 'admin' }, ...(occurredAt && { occurredAt }) },
  ]);
}
// A step holds the fields of its own command.
const commandOf = ({ command, fields }: Step): CommandMessage => build(command, fields as never);
const codeOf = (outcome: Outcome): string => (outcome.accepted ? 'accepted' : outcome.refusal.code);

/** What happened before the sample of a command, carried out; and the sample. */
async function sampleIn(ledger: Ledger, name: string): Promise<CommandMessage> {
  const { before, step } = sampleOf(registry.find(name)!);
  for (const each of before) expect(codeOf(await send(ledger, commandOf(each), each.occurredAt))).toBe('accepted');
  return commandOf(step);
}

async function historyOf(command: CommandMessage): Promise<{ readonly state: unknown; readonly stream: string }> {
  const { context } = registry.find(command.type)!;
  const stream = streamOf(context.category, aggregateIdOf(context, command));
  return { stream, state: foldHistory<unknown, DomainEvent>(context.decider, await log.read(stream)) };
}

/** The streams of others that a command reads, and those it only asks for their existence. */
async function readBy(
  ledger: Ledger,
  command: CommandMessage,
): Promise<{ readonly streams: readonly string[]; readonly asked: readonly string[] }> {
  const reader = ledger.facts.reader(true);
  const asked: string[] = [];
  const exists = (stream: string): Promise<boolean> => {
    asked.push(stream);
    return reader.exists(stream);
  };
  const { fold } = reader;
  await registry.find(command.type)!.context.facts({ fold, exists }, command, (await historyOf(command)).state, ledger.now());
  return { streams: reader.streams(), asked };
}

const kindOf = (stream: string): string =>
  stream.startsWith('policy-pipeline') ? 'pipeline' : stream.startsWith('policy-') ? 'settings' : stream.split('-')[0]!;

it('every command that reads other streams is in the table, with all that it reads', async () => {
  const ledger = aProcess();
  const found: Record<string, string[]> = {};
  for (const { spec } of commands) {
    const { streams, asked } = await readBy(ledger, await sampleIn(ledger, spec.name));
    const kinds = [...new Set([...streams, ...asked].map(kindOf))].sort();
    if (kinds.length > 0) found[spec.name] = kinds;
  }
  expect(found).toEqual(
    Object.fromEntries(Object.entries(RESTS_ON).map(([name, facts]) => [name, Object.keys(facts).sort()])),
  );
});

/** Once the command has read another stream of this kind, and before it writes, this process changes that stream. */
function changedMeanwhile(
  command: CommandMessage,
  kind: string,
  change: (ledger: Ledger, stream: string) => Promise<Outcome>,
): Ledger {
  const own = new EventLog(log.client, log.codec);
  const ledger = aProcess(own);
  const { context } = registry.find(command.type)!;
  const itself = streamOf(context.category, aggregateIdOf(context, command));
  let changed = false;
  own.read = async (stream) => {
    const history = await log.read(stream);
    if (!changed && stream !== itself && kindOf(stream) === kind && domainEventsOf(history).length > 0) {
      changed = true;
      expect(codeOf(await change(ledger, stream))).toBe('accepted');
    }
    return history;
  };
  return ledger;
}

const withFact = (change: string): [string][] =>
  Object.keys(RESTS_ON)
    .filter((name) => Object.values(RESTS_ON[name]!).includes(change as never))
    .map((name) => [name]);

describe('a member who leaves between the reading and the writing', () => {
  it.each(withFact('member leaves'))('is not given work by %s', async (name) => {
    const command = await sampleIn(aProcess(), name);
    const leave = (ledger: Ledger, stream: string): Promise<Outcome> =>
      send(ledger, build(OffboardMember, { memberId: stream.slice('member-'.length), leftAt: inDays(-1_000) }));
    const ledger = changedMeanwhile(command, 'member', leave);
    expect(codeOf(await send(ledger, command))).toMatch(/offboarded|left/);
  });
});

describe('a pipeline that is defined anew between the reading and the writing', () => {
  it.each(withFact('pipeline changes'))('decides about %s', async (name) => {
    const command = await sampleIn(aProcess(), name);
    const stages = [{ stage: 'elsewhere', name: 'Elsewhere', probabilityPercent: 10 }];
    const redefine = (ledger: Ledger, stream: string): Promise<Outcome> =>
      send(ledger, build(DefinePipeline, { pipelineId: stream.slice('policy-pipeline.'.length), name: 'New', stages }));
    const ledger = changedMeanwhile(command, 'pipeline', redefine);
    expect(codeOf(await send(ledger, command))).toBe('stage_unknown');
  });
});

describe('merges of leads', () => {
  const PAIRS = 12;
  const capture = async (ledger: Ledger): Promise<string> => {
    const leadId = randomUUID();
    expect(codeOf(await send(ledger, build(CaptureLead, { leadId, source: 'fair', company: 'Vela' })))).toBe(
      'accepted',
    );
    return leadId;
  };
  const merge = (on: Ledger, leadId: string, intoLeadId: string): Promise<Outcome> =>
    send(on, build(MergeLead, { leadId, intoLeadId }));

  it.each([1, 2])('that cross at the same moment are not both taken (%i processes)', async (count) => {
    const processes = Array.from({ length: count }, () => aProcess());
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const [a, b] = [await capture(processes[0]!), await capture(processes[0]!)];
      const outcomes = await Promise.all([merge(processes[0]!, a, b), merge(processes.at(-1)!, b, a)]);
      expect(outcomes.map(codeOf).sort()).toEqual(['accepted', 'lead_merge_target_merged']);
    }
  });

  it('in a ring of three processes leave one lead to go on', async () => {
    const processes = [aProcess(), aProcess(), aProcess()];
    for (let ring = 0; ring < PAIRS; ring += 1) {
      const ids = [await capture(processes[0]!), await capture(processes[0]!), await capture(processes[0]!)];
      await Promise.all(ids.map((id, index) => merge(processes[index]!, id, ids[(index + 1) % ids.length]!)));
      const states = await Promise.all(
        ids.map(async (id) => foldHistory(leadContext.decider, await log.read(`lead-${id}`)).status),
      );
      expect(states.filter((status) => status !== 'merged').length).toBeGreaterThan(0);
    }
  });

  it('leave in the target who rests on it', async () => {
    const one = aProcess();
    const [a, b] = [await capture(one), await capture(one)];
    expect(codeOf(await merge(one, a, b))).toBe('accepted');
    expect((await log.read(`lead-${b}`)).map(({ type, data }) => [type, data])).toContainEqual([
      'DecisionGuarded',
      { stream: `lead-${a}` },
    ]);
  });
});
