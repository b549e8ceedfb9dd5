import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CommandBus } from '@nestjs/cqrs';
import { createApp } from '../../api/src/create-app.js';
import { ApiModule } from '../../api/src/api.module.js';
import { contexts } from '../../../libs/domain/contexts.js';
import { Codec } from '../../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../../libs/eventstore/connect.js';
import { EventLog } from '../../../libs/eventstore/event-log.js';
import { FactsReader } from '../../../libs/eventstore/stream-reader.js';
import { spawnEventStoreServer } from '../../../libs/eventstore-embedded/spawn-server.js';
import type { ServerConfig } from './config.js';

export interface Engine {
  readonly app: NestFastifyApplication;
  readonly bus: CommandBus;
  readonly url: string;
  readonly eventStore: string;
  readonly readStore: string;
  readonly clock: string;
  stop(): Promise<void>;
}

/** What was started, to be stopped in the reverse order: nothing is cut off from what it still needs. */
class Started {
  readonly #stops: { readonly name: string; readonly stop: () => Promise<void> }[] = [];

  add(name: string, stop: () => Promise<void>): void {
    this.#stops.push({ name, stop });
  }

  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let last = this.#stops.pop(); last; last = this.#stops.pop()) await last.stop().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'not everything stopped cleanly');
  }
}
