import { Inject, type Provider, type Type } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandMessage } from '../kernel/command.js';
import type { Outcome } from '../eventstore/intent.js';
import { transact, type Ledger } from '../eventstore/transact.js';
import { refusingHistory } from '../eventstore/unreadable-history.js';
import { CommandBatch } from './command-batch.js';
import { envelopeOf } from './envelope.js';
import { CommandRegistry, type Registered } from './registry.js';

/** Token of the Ledger that commands are carried out on. */
export const LEDGER = Symbol('ledger');

/** The handler of one command, as @nestjs/cqrs wants it: a class of its own. */
function handlerOf({ context, command, spec }: Registered): Type<ICommandHandler> {
  @CommandHandler(command)
  class Handler implements ICommandHandler<CommandMessage, Outcome> {
    constructor(@Inject(LEDGER) readonly ledger: Ledger) {}

    execute(message: CommandMessage): Promise<Outcome> {
      const { expectedRevision, ...envelope } = envelopeOf(message);
      return refusingHistory(transact(this.ledger, context, [{ command: message, ...envelope }], expectedRevision));
    }
  }
  Object.defineProperty(Handler, 'name', { value: `${spec.name}Handler` });
  return Handler;
}

@CommandHandler(CommandBatch)
class CommandBatchHandler implements ICommandHandler<CommandBatch, Outcome> {
  constructor(@Inject(LEDGER) readonly ledger: Ledger, readonly registry: CommandRegistry) {}

  async execute({ intents }: CommandBatch): Promise<Outcome> {
    const first = intents[0] && this.registry.find(intents[0].command.type);
    if (!first) throw new TypeError('a batch needs commands that the engine knows');
    return refusingHistory(transact(this.ledger, first.context, intents));
  }
}

/** One handler a command, and the one for batches. */
export const commandHandlers = (registry: CommandRegistry): Provider[] => [...registry.all().map(handlerOf), CommandBatchHandler];
