import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../apps/api/src/create-app.js';
import { DispatchModule } from '../../libs/dispatch/dispatch.module.js';
import { contexts } from '../../libs/domain/contexts.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { ImportController } from '../../libs/import/import.controller.js';
import type { ImportReport } from '../../libs/import/report.js';
import { ownEventStore } from '../support/event-store.js';

export const EXAMPLE = new URL('../../examples/crm-opportunities/', import.meta.url);
export const exampleFile = (name: string): Promise<string> => readFile(new URL(name, EXAMPLE), 'utf8');

class ImportOnlyModule {}

/** The HTTP application with its import, listening, on an event store of its own. */
export async function startImportServer() {
  const store = await ownEventStore();
  const log = new EventLog(connectEventStore(store.url), new Codec(contexts));
  const ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
  const app = await createApp({ module: ImportOnlyModule, imports: [DispatchModule.for(contexts, ledger)], controllers: [ImportController] }, 'test');
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo; // it listens on TCP
  return {
    log, url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await app.close();
      await disconnectEventStore();
      await store.stop();
    },
  };
}

/** Parts of a request, in order; text or bytes. */
export type Parts = readonly (readonly [name: string, content: string | Uint8Array])[];

export async function send(url: string, parts: Parts, query = '', headers: Record<string, string> = {}) {
  const body = new FormData();
  for (const [name, content] of parts) body.append(name, new Blob([content]), `${name}.csv`);
  const response = await fetch(`${url}/v1/imports${query}`, { method: 'POST', body, headers });
  const text = await response.text();
  if (response.status !== 200) return { status: response.status, problem: JSON.parse(text) as { code: string; detail?: string; errors?: { field: string; message: string }[] }, reports: [] };
  const reports = text.trim().split('\n').map((line) => JSON.parse(line) as ImportReport);
  return { status: response.status, problem: undefined, reports };
}

export const summaryOf = (reports: readonly ImportReport[]) => reports.find((report) => report.kind === 'summary');
export const rejectsOf = (reports: readonly ImportReport[]) => reports.flatMap((report) => (report.kind === 'reject' ? [report] : []));
