import type { CommandBus } from '@nestjs/cqrs';
import { withEnvelope } from '../dispatch/envelope.js';
import type { CommandRegistry } from '../dispatch/registry.js';
import { derivedId } from '../eventstore/event-ids.js';
import { EventStoreUnavailable } from '../eventstore/unavailable.js';
import type { Outcome } from '../eventstore/intent.js';
import { aggregateIdOf } from '../eventstore/transact.js';
import { Lanes } from '../import/lanes.js';
import type { CommandMessage } from '../kernel/command.js';
import { parseCommand } from '../kernel/parse-command.js';
import { NEW_ID } from '../kernel/rule.js';
import { SENDS_AT_ONCE } from './limits.js';
import { RULE_ACTOR_PREFIX, type Intended } from './rule-minds.js';
import type { Done } from './rule-store.js';

export interface Sender {
  readonly bus: CommandBus;
  readonly registry: CommandRegistry;
}

type Ready = { readonly command: CommandMessage; readonly aggregateId: string } | { readonly problem: string };

/** The command as outside input is checked too, with its derived id; or what is wrong with it. */
function prepare({ registry }: Sender, { command, actionId }: Intended): Ready {
  const registered = command && registry.find(command.type);
  if (!command || !registered) return { problem: `no such command: ${command?.type ?? 'none'}` };
  const { context, command: commandClass, spec } = registered;
  const fields: Record<string, unknown> = { ...command };
  if (spec.creates && fields[context.idField] === NEW_ID) fields[context.idField] = derivedId(actionId, spec.name);
  const parsed = parseCommand(commandClass, fields);
  if (!parsed.ok) return { problem: parsed.errors.map(({ message }) => message).join('; ') };
  return { command: parsed.command, aggregateId: aggregateIdOf(context, parsed.command) };
}

/** @throws EventStoreUnavailable: the same command is to be sent again */
async function send({ bus }: Sender, intended: Intended, { command, aggregateId }: Extract<Ready, { command: CommandMessage }>): Promise<Done> {
  const { actionId: commandId, cause, rule } = intended;
  const envelope = {
    commandId, causationId: cause.id, actor: { id: `${RULE_ACTOR_PREFIX}${rule.name}`, role: 'system' as const },
    ...(cause.correlationId !== undefined && { correlationId: cause.correlationId }), ...(cause.occurredAt !== undefined && { occurredAt: cause.occurredAt }),
  };
  try {
    const outcome = await bus.execute<CommandMessage, Outcome>(withEnvelope(command, envelope));
    if (!outcome.accepted) return { intended, outcome: 'refused', aggregateId, events: [], detail: [outcome.refusal.code, outcome.refusal.detail].filter((part) => part !== undefined).join(': ') };
    return { intended, outcome: outcome.events.length > 0 ? 'carried_out' : 'nothing_to_do', aggregateId, events: outcome.events, position: outcome.position };
  } catch (error) {
    if (error instanceof EventStoreUnavailable) throw error;
    return { intended, outcome: 'failed', aggregateId, events: [], detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Those that go together, in order: each but the first only after the one before. */
function chains(intended: readonly Intended[]): Intended[][] {
  const all: Intended[][] = [];
  for (const each of intended) {
    const last = all.at(-1);
    if (each.afterPrevious && last) last.push(each);
    else all.push([each]);
  }
  return all;
}

/**
 * Sends what rules want, side by side but in order for each aggregate; says what became of each, in the order given.
 * @throws EventStoreUnavailable when the log cannot be written; sending all of it again does nothing twice
 */
export async function sendActions(sender: Sender, intended: readonly Intended[]): Promise<Done[]> {
  const done = new Map<string, Done>();
  const lanes = new Lanes(SENDS_AT_ONCE);
  for (const chain of chains(intended)) {
    const prepared = chain.map((each) => ({ each, ready: each.held ? { problem: '' } : prepare(sender, each) }));
    const aggregates = prepared.flatMap(({ ready }) => ('aggregateId' in ready ? [ready.aggregateId] : []));
    await lanes.start([...new Set(aggregates)], async () => {
      let goesOn = true;
      for (const { each, ready } of prepared) {
        const result: Done = each.held ? { intended: each, outcome: each.held, events: [] }
          : 'problem' in ready ? { intended: each, outcome: 'failed', events: [], detail: ready.problem }
            : goesOn ? await send(sender, each, ready) : { intended: each, outcome: 'failed', aggregateId: ready.aggregateId, events: [], detail: 'what had to come before it was not carried out' };
        goesOn &&= result.outcome === 'carried_out';
        done.set(each.actionId, result);
      }
    });
  }
  await lanes.done();
  return intended.flatMap(({ actionId }) => done.get(actionId) ?? []);
}
