import type { CommandBus } from '@nestjs/cqrs';
import type { CommandRegistry } from '../../../libs/dispatch/registry.js';
import { rules } from '../../../libs/domain/rules.js';
import type { EventLog } from '../../../libs/eventstore/event-log.js';
import { EventStoreLogSource } from '../../../libs/eventstore/subscription.js';
import type { ReadStore } from '../../../libs/readstore/sql.js';
import { RuleWorker } from '../../../libs/rules/rule-worker.js';

/** Runs every rule that is switched on. */
export async function startRules(store: ReadStore, log: EventLog, bus: CommandBus, registry: CommandRegistry, report: (message: string, error?: unknown) => void): Promise<RuleWorker> {
  const source = new EventStoreLogSource(log, (error, retryInMs) =>
    report(`the rules cannot read the event store's log; trying again in ${retryInMs} ms`, error));
  const worker = new RuleWorker({ store, source, rules, sender: { bus, registry }, report });
  await worker.start();
  return worker;
}
