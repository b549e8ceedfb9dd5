import { BACKWARDS, END, type EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';

type Placed = RecordedEvent & { readonly position: NonNullable<RecordedEvent['position']> };

/** The last event of the whole log, whoever wrote it; undefined when it is empty. */
export async function lastInLog(client: EventStoreDBClient): Promise<Placed | undefined> {
  let last: RecordedEvent | undefined;
  for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 })) last = event;
  return last?.position && { ...last, position: last.position };
}
