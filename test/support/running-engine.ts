import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../apps/server/src/engine.js';
import { testPostgres } from '../../libs/testing/postgres-server.js';
import { LEDGER } from '../../libs/dispatch/command-handlers.js';
import type { EventLog } from '../../libs/eventstore/event-log.js';
import type { Ledger } from '../../libs/eventstore/transact.js';
import { aRoleFor, requestOf, sendRaw, type RawRequest, type Sent, type Step } from './api.js';

/** Looks are this far apart, so that waiting does not keep the machine from what is waited for. */
const LOOK_EVERY_MS = 50;
/** What comes late on a busy machine is no failure: this tells what never came, with the last answer. */
const WAIT_MS_MAX = 900_000;

export interface RunningEngine {
  readonly url: string;
  readonly log: EventLog;
  readonly raw: (raw: RawRequest) => Promise<Sent>;
  readonly get: (path: string) => Promise<Sent>;
  /** Carries out commands that must succeed, in order; the log position of the last. @throws when one does not, naming it */
  readonly carryOut: (...steps: readonly Step[]) => Promise<number>;
  /** Asks until the answer is as wanted. @throws with the last answer when it never is */
  readonly until: (path: string, wanted: (body: unknown) => boolean) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/**
 * Everything that `npm start` starts, in a data directory of its own: event store, read models, clock, rules, HTTP. Rows are
 * in a database of their own on the server at DATABASE_URL where there is one; the log is never shared: all of it is worked on.
 */
export async function runningEngine({ redisUrl }: { readonly redisUrl?: string } = {}): Promise<RunningEngine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-engine-'));
  const databases = process.env['DATABASE_URL'] ? await testPostgres() : undefined;
  const engine = await startEngine({ host: '127.0.0.1', port: 0, dataDir, ...(redisUrl !== undefined && { redisUrl }), ...(databases && { databaseUrl: await databases.database() }) });

  const raw = (asked: RawRequest): Promise<Sent> => sendRaw(engine.url, asked);
  const get = (path: string) => raw({ method: 'GET', path });

  return {
    url: engine.url, log: engine.app.get<symbol, Ledger>(LEDGER).log, raw, get,
    async carryOut(...steps) {
      let position = -1;
      for (const step of steps) {
        const { status, body, text } = await raw({ ...requestOf(step), headers: { 'Pipeledger-Role': aRoleFor(step.command) } });
        if (status >= 300) throw new Error(`${step.command.name} ${JSON.stringify(step.fields)} answered ${status}: ${text}`);
        position = Number(Reflect.get(Object(body) as object, 'position'));
      }
      return position;
    },
    async until(path, wanted) {
      const untilMs = performance.now() + WAIT_MS_MAX;
      for (;;) {
        const { body, text } = await get(path);
        if (wanted(body)) return body;
        if (performance.now() > untilMs) throw new Error(`${path} still answers ${text}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    async stop() {
      await engine.stop();
      await databases?.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
