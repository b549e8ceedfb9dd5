import { EventStoreDBClient } from '@eventstore/db-client';

let connectedTo: { readonly url: string; readonly client: EventStoreDBClient } | undefined;

/**
 * The process's one client. The client keeps its pending appends in a global of its module, so an error on a second
 * client's connection would fail the first one's appends: one process, one event store.
 */
export function connectEventStore(url: string): EventStoreDBClient {
  if (connectedTo && connectedTo.url !== url) throw new Error('this process already talks to another event store; dispose of that connection first');
  connectedTo ??= { url, client: EventStoreDBClient.connectionString(url) };
  return connectedTo.client;
}

/** The client waits for the end of streams that it cancelled itself and that never report it. */
const DISPOSE_MS_MAX = 1_000;

/** Closes the client; a later `connectEventStore` may go elsewhere. */
export async function disconnectEventStore(): Promise<void> {
  const last = connectedTo;
  connectedTo = undefined;
  if (!last) return;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => { timer = setTimeout(resolve, DISPOSE_MS_MAX); });
  await Promise.race([last.client.dispose(), enough]);
  clearTimeout(timer);
}
