import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Ledger } from '../eventstore/transact.js';
import type { AnyContext } from '../kernel/context.js';
import { commandHandlers, LEDGER } from './command-handlers.js';
import { CommandRegistry } from './registry.js';

/** Carries out the commands of all contexts that arrive on the CommandBus. */
@Module({})
export class DispatchModule {
  static for(contexts: readonly AnyContext[], ledger: Ledger): DynamicModule {
    const registry = new CommandRegistry(contexts);
    return {
      module: DispatchModule,
      global: true,
      imports: [CqrsModule.forRoot()],
      providers: [{ provide: CommandRegistry, useValue: registry }, { provide: LEDGER, useValue: ledger }, ...commandHandlers(registry)],
      exports: [CommandRegistry, CqrsModule, LEDGER],
    };
  }
}
