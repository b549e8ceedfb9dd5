import type { AddressInfo } from 'node:net';
import { IsOptional, IsString } from 'class-validator';
import { TerminusModule } from '@nestjs/terminus';
import { createApp } from '../../apps/api/src/create-app.js';
import { runCli } from '../../apps/cli/src/main.js';
import { HealthController } from '../../libs/http/health.controller.js';
import { ParkedController } from '../../libs/http/parked.controller.js';
import { PROJECTION_SIDE, type ProjectionSide } from '../../libs/http/projection-side.js';
import { ProjectionsController } from '../../libs/http/projections.controller.js';
import { READ_SIDE, type ReadSide } from '../../libs/http/read-side.js';
import { reportController } from '../../libs/http/report.controllers.js';
import { reportRowsController } from '../../libs/http/report-rows.controllers.js';
import type { AnyProjection } from '../../libs/kernel/projection.js';
import { report } from '../../libs/kernel/report.js';
import type { LogSource } from '../../libs/projector/log-source.js';
import { Projector } from '../../libs/projector/projector.js';
import type { HealthLimits } from '../../libs/projector/status.js';
import type { ReadStore } from '../../libs/readstore/sql.js';

class BalancesParams {
  @IsOptional() @IsString() owner?: string;
}

/** A tiny report on the tables of the engine's own tests. */
export const balances = report({
  name: 'balances', version: 1, title: 'Balances', description: 'What is on the accounts.', projections: ['accounts'], params: BalancesParams,
  figures: [{ name: 'total', title: 'Total', unit: 'count', definition: 'The sum of all balances.' }],
  async run(view, { owner }) {
    const found = await view.query<{ owner: string; balance: number }>(`SELECT a.owner, sum(a.balance)::bigint AS balance FROM ${view.table('accounts_account')} a WHERE $1::text IS NULL OR a.owner = $1 GROUP BY a.owner ORDER BY a.owner`, [owner ?? null]);
    return { total: found.reduce((sum, { balance }) => sum + balance, 0), span: { unit: 'cent', of: { all: owner === undefined } }, owners: found.map((each) => ({ ...each, tags: [each.owner], note: null })) };
  },
});

class ProjectionsOnlyModule {}

export interface ProjectionServerOptions {
  readonly store: ReadStore;
  readonly log: LogSource;
  readonly projection: AnyProjection;
  readonly partitions?: number;
  readonly limits?: HealthLimits;
}

/** One projection's routes over HTTP, on a real store; its worker runs when told to. */
export async function startProjectionServer({ store, log, projection, partitions, limits = { lagSecondsMax: 60, parkedMax: 0 } }: ProjectionServerOptions) {
  const failures: unknown[] = [];
  let projector: Projector | undefined;
  let declared = projection;
  const side: ProjectionSide = { store, source: log, get projections() { return [declared]; }, limits, owner: 'test' };
  const readSide: ReadSide = { store, head: () => log.head(), onCommit: (listener) => projector?.onCommit(listener) ?? (() => undefined) };
  const app = await createApp({
    module: ProjectionsOnlyModule, imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [ProjectionsController, ParkedController, HealthController, reportController(balances), reportRowsController(balances)],
    providers: [{ provide: PROJECTION_SIDE, useValue: side }, { provide: READ_SIDE, useValue: readSide }],
  }, 'test');
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`; // it listens on TCP

  return {
    url, failures,
    /** Runs the worker, from now on by this definition. */
    async work(by: AnyProjection = declared): Promise<void> {
      await projector?.stop();
      declared = by;
      projector = new Projector({ store, source: log, projections: [by], ...(partitions && { partitions }), report: (_, error) => failures.push(error) });
      await projector.start();
    },
    async rest(): Promise<void> {
      await projector?.stop();
      projector = undefined;
    },
    async get(path: string, headers: Record<string, string> = {}) {
      const response = await fetch(`${url}${path}`, { headers });
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer()); // text() would drop the mark
      return { status: response.status, headers: response.headers, text, body: (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined) };  
    },
    async post(path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(`${url}${path}`, { method: 'POST', headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) });
      const text = await response.text();
      return { status: response.status, lines: text.trim().split('\n').map((line) => JSON.parse(line)) };  
    },
    async cli(...words: string[]) {
      let [out, err] = ['', ''];
      const code = await runCli(words, { out: (text) => void (out += text), err: (text) => void (err += text), errIsTty: false, env: { PIPELEDGER_URL: url }, nowMs: () => performance.now() });
      return { code, out, err };
    },
    async stop(): Promise<void> {
      await projector?.stop();
      await app.close();
    },
  };
}

export type ProjectionServer = Awaited<ReturnType<typeof startProjectionServer>>;
