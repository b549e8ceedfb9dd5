import { randomUUID } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { createApp } from '../../apps/api/src/create-app.js';
import { withEnvelope, type CommandEnvelope } from '../../libs/dispatch/envelope.js';
import { DispatchModule } from '../../libs/dispatch/dispatch.module.js';
import { CommandRegistry } from '../../libs/dispatch/registry.js';
import { contexts } from '../../libs/domain/contexts.js';
import { rules } from '../../libs/domain/rules.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { EventStoreLogSource } from '../../libs/eventstore/subscription.js';
import type { Ledger, Outcome } from '../../libs/eventstore/transact.js';
import { READ_SIDE } from '../../libs/http/report.controllers.js';
import type { CommandMessage } from '../../libs/kernel/command.js';
import type { AnyRule } from '../../libs/kernel/rule.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { RuleWorker } from '../../libs/rules/rule-worker.js';
import { RulesController } from '../../libs/rules/rules.controller.js';
import { configuredKind } from '../../libs/testing/stores.js';
import { systemTime, type Time } from '../../libs/timers/time.js';
import { ownEventStore } from '../support/event-store.js';

class RulesModule {}

/** Real parts: event store, command bus, read store, HTTP; and as many rule workers as a test starts. */
export async function rulesOnRealParts() {
  const eventStore = await ownEventStore();
  const kind = await configuredKind();
  const store: ReadStore = await kind.empty();
  const log = new EventLog(connectEventStore(eventStore.url), new Codec(contexts));
  const ledger: Ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
  const module: DynamicModule = { module: RulesModule, imports: [DispatchModule.for(contexts, ledger)], controllers: [RulesController], providers: [{ provide: READ_SIDE, useValue: { store } }] };
  const app = await createApp(module, 'test');
  await app.init();
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.ready();
  const bus = app.get(CommandBus);
  const reports: string[] = [];
  const workers: RuleWorker[] = [];

  const send = async (command: CommandMessage, envelope: Partial<CommandEnvelope> = {}): Promise<Extract<Outcome, { accepted: true }>> => {
    const outcome = await bus.execute<CommandMessage, Outcome>(withEnvelope(command, { commandId: randomUUID(), actor: { id: 'max', role: 'manager' }, ...envelope }));
    if (!outcome.accepted) throw new Error(`${command.type} was refused: ${outcome.refusal.code} ${outcome.refusal.detail ?? ''}`);
    return outcome;
  };

  return {
    store, log, reports, send,
    async startWorker(own: readonly AnyRule[] = rules, time: Time = systemTime): Promise<RuleWorker> {
      const sender = { bus, registry: app.get(CommandRegistry) };
      const worker = new RuleWorker({ store, source: new EventStoreLogSource(log), rules: own, sender, time, report: (message, error) => reports.push(`${message} ${String(error)}`) });
      workers.push(worker);
      await worker.start();
      return worker;
    },
    async get<T>(url: string): Promise<T> {
      const answer = await fastify.inject({ method: 'GET', url });
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
      return answer.json<T>();
    },
    async post<T>(url: string, body: object): Promise<{ readonly status: number; readonly body: T }> {
      const answer = await fastify.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) });
      return { status: answer.statusCode, body: answer.json<T>() };
    },
    async stop(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.stop()));
      await app.close();
      await disconnectEventStore();
      await kind.stop();
      await eventStore.stop();
    },
  };
}

export type RulesOnRealParts = Awaited<ReturnType<typeof rulesOnRealParts>>;
