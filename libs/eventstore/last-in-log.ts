import { BACKWARDS, END, type EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';

/** The last event of the whole log, whoever wrote it; undefined when it is empty. */
export async function lastInLog(client: EventStoreDBClient): Promise<(RecordedEvent & { readonly position: NonNullable<RecordedEvent['position']> }) | undefined> {
  let last: RecordedEvent | undefined;
  for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 })) last = event;
  return last?.position && { ...last, position: last.position };
}
